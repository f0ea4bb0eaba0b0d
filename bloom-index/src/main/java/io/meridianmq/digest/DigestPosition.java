package io.meridianmq.digest;

/**
 * How far a receiver has come; what it acknowledges.
 *
 * @param generation the generation it answers from; 0 if it has none yet
 * @param version the last version it applied
 */
public record DigestPosition(long generation, long version) {

    /** Of a receiver that has nothing yet. */
    public static final DigestPosition NONE = new DigestPosition(0, 0);
}
