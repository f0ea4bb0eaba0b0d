package io.meridianmq.digest;

import io.meridianmq.topic.InvalidTopicException;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicFilter.Shape;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A generation of which some chunks have arrived; {@link DigestSnapshot} documents their content. One thread.
 *
 * <p>A chunk that is refused changes nothing here. Deltas that arrive meanwhile wait until the last chunk has.
 */
final class IncomingGeneration {

    private final DigestLimits limits;
    private final long generation;
    private final long snapshotVersion;
    private final int chunks;
    private final BloomBits literals;
    private final BloomBits overflow;
    private final int wildcardsExpected;
    private final int groupsExpected;

    private final List<TopicFilter> wildcards = new ArrayList<>();
    private final List<DigestGroup> groups = new ArrayList<>();
    private final List<DigestDelta> waiting = new ArrayList<>();
    private int nextChunk = 1;
    private int literalWords;
    private int overflowWords;
    private long version;

    /** Reads the first chunk. */
    IncomingGeneration(DigestChunk first, DigestLimits limits) throws DigestException {
        var head = ByteBuffer.wrap(first.unpack());
        if (first.index() != 0
                || head.remaining() != DigestSnapshot.HEAD_BYTES
                || head.get() != DigestSection.HEAD.code()) {
            throw new DigestException(first + " is not the head of a snapshot");
        }
        this.limits = limits;
        this.generation = first.generation();
        this.snapshotVersion = first.version();
        this.version = first.version();
        this.chunks = first.count();
        this.literals = bits(head, limits, first);
        this.overflow = bits(head, limits, first);
        this.wildcardsExpected = count(head, limits.wildcardsMax(), "filters with wildcards", first);
        this.groupsExpected = count(head, limits.groupsMax(), "shared subscriptions", first);
    }

    private static BloomBits bits(ByteBuffer head, DigestLimits limits, DigestChunk chunk) throws DigestException {
        var words = head.getInt();
        var functions = Byte.toUnsignedInt(head.get());
        if (words < 1 || (long) words * Long.BYTES > limits.bloomBytesMax()) {
            throw new DigestException(
                    chunk + " announces a Bloom filter of " + words + " words of 8 bytes: at least 1 and " + "at most "
                            + limits.bloomBytesMax() + " bytes are accepted");
        }
        if (functions < 1 || functions > BloomBits.HASH_FUNCTIONS_MAX) {
            throw new DigestException(chunk + " announces " + functions + " hash functions: 1 to "
                    + BloomBits.HASH_FUNCTIONS_MAX + " are possible");
        }
        return new BloomBits(new long[words], functions);
    }

    private static int count(ByteBuffer head, int most, String what, DigestChunk chunk) throws DigestException {
        var count = head.getInt();
        if (count < 0 || count > most) {
            throw new DigestException(
                    chunk + " announces " + count + " " + what + ": at most " + most + " are accepted");
        }
        return count;
    }

    /** Whether this is the chunk to come next. */
    boolean expects(DigestChunk chunk) {
        return chunk.generation() == generation
                && chunk.version() == snapshotVersion
                && chunk.count() == chunks
                && chunk.index() == nextChunk;
    }

    /** Takes in the chunk that is to come next. */
    void accept(DigestChunk chunk) throws DigestException {
        var content = ByteBuffer.wrap(chunk.unpack());
        try {
            var section = DigestSection.of(content.get())
                    .orElseThrow(() -> new DigestException(chunk + " has a section of an unknown kind"));
            switch (section) {
                case HEAD -> throw new DigestException(chunk + " is a second head");
                case LITERALS -> literalWords = words(content, literals, literalWords, chunk);
                case OVERFLOW -> overflowWords = words(content, overflow, overflowWords, chunk);
                case WILDCARDS -> addWildcards(content, chunk);
                case GROUPS -> addGroups(content, chunk);
            }
        } catch (BufferUnderflowException | CharacterCodingException e) {
            throw new DigestException(chunk + " ends in the middle of an entry or is not UTF-8", e);
        } catch (InvalidTopicException e) {
            throw new DigestException(chunk + " has a filter that is none: " + e.getMessage(), e);
        }
        nextChunk++;
    }

    private static int words(ByteBuffer content, BloomBits bits, int received, DigestChunk chunk)
            throws DigestException {
        var from = content.getInt();
        var count = content.remaining() / Long.BYTES;
        if (from != received || content.remaining() % Long.BYTES != 0 || count > bits.words().length - from) {
            throw new DigestException(chunk + " has words " + from + " to " + (from + count) + " of "
                    + bits.words().length + ", expected are those from " + received);
        }
        bits.merge(from, content);
        return received + count;
    }

    private void addWildcards(ByteBuffer content, DigestChunk chunk) throws DigestException, CharacterCodingException {
        var read = new ArrayList<TopicFilter>();
        while (content.hasRemaining()) {
            var filter = TopicFilter.of(text(content));
            if (filter.isShared() || filter.shape() == Shape.LITERAL) {
                throw new DigestException(chunk + " has " + filter + " among the plain filters with wildcards");
            }
            read.add(filter);
        }
        if (read.size() > wildcardsExpected - wildcards.size()) {
            throw new DigestException(chunk + " has more filters than were announced: " + wildcardsExpected);
        }
        wildcards.addAll(read);
    }

    private void addGroups(ByteBuffer content, DigestChunk chunk) throws DigestException, CharacterCodingException {
        var read = new ArrayList<DigestGroup>();
        while (content.hasRemaining()) {
            var online = content.get() != 0;
            var filter = TopicFilter.of(text(content));
            if (!filter.isShared()) {
                throw new DigestException(chunk + " has " + filter + " among the shared filters");
            }
            read.add(new DigestGroup(filter, online));
        }
        if (read.size() > groupsExpected - groups.size()) {
            throw new DigestException(chunk + " has more shared filters than were announced: " + groupsExpected);
        }
        groups.addAll(read);
    }

    private static String text(ByteBuffer content) throws CharacterCodingException {
        var length = content.getInt();
        if (length < 0 || length > content.remaining()) {
            throw new BufferUnderflowException();
        }
        var bytes = content.slice(content.position(), length);
        content.position(content.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    }

    /** Keeps a delta for later; false if it does not continue what is here or too many wait. */
    boolean takes(DigestDelta delta) {
        if (delta.toVersion() <= version) {
            return true;
        }
        if (delta.fromVersion() > version || waiting.size() == limits.waitingDeltasMax()) {
            return false;
        }
        waiting.add(delta);
        version = delta.toVersion();
        return true;
    }

    boolean hasAllChunks() {
        return nextChunk == chunks;
    }

    /** The version of the snapshot and the deltas taken since. */
    long version() {
        return version;
    }

    /** What the chunks and the deltas since make; once all have come. */
    RemoteGeneration complete() throws DigestException {
        var whole = literalWords == literals.words().length
                && overflowWords == overflow.words().length
                && wildcards.size() == wildcardsExpected
                && groups.size() == groupsExpected;
        if (!whole) {
            throw new DigestException("the chunks of generation " + generation
                    + " do not hold what its head announced: " + "ask its sender for a new snapshot");
        }
        var made = new RemoteGeneration(generation, literals, overflow, limits);
        wildcards.forEach(made::addWildcard);
        groups.forEach(made::putGroup);
        for (var delta : waiting) {
            made.apply(delta);
        }
        return made;
    }
}
