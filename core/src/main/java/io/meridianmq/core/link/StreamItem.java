package io.meridianmq.core.link;

import io.meridianmq.core.publication.CanonicalBytes;

/**
 * One thing that a node says to another about one client connection, on the ordered stream between the two.
 *
 * @param connection the front's number for the connection, unique in one start of the front
 * @param body what is said; its form is the affair of those who say it. Empty in the {@linkplain #HELLO hello} alone
 */
public record StreamItem(long connection, CanonicalBytes body) {

    /** Says nothing but that there is another stream; it is about no connection. */
    public static final StreamItem HELLO = new StreamItem(0, CanonicalBytes.wrap(new byte[0]));

    /** What an item takes besides its body, in frames and in memory; bodies are small as a rule. */
    private static final long HEAD_BYTES = 32;

    /** Whether only streams themselves have to do with it. */
    public boolean isHello() {
        return body.sizeBytes() == 0;
    }

    /** What it counts for toward the bounds of a stream, in bytes. */
    public long sizeBytes() {
        return HEAD_BYTES + body.sizeBytes();
    }
}
