package io.meridianmq.digest;

import io.meridianmq.topic.TopicFilter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole digest at one version, cut into chunks. Immutable; any thread may ask for chunks, which are made when asked for
 * (10 to 20 ms for a full one), so that a link packs them as fast as it sends.
 *
 * <p>The content of a chunk is one section: a byte for its kind ({@link DigestSection}), then
 *
 * <pre>
 *   0 head       i32 words and u8 hash functions of the literal filter, the same of the overflow filter,
 *                i32 wildcards, i32 groups; always the first chunk and only that
 *   1 literals   i32 first word, the words (i64)
 *   2 overflow   i32 first word, the words (i64)
 *   3 wildcards  each: i32 length, UTF-8
 *   4 groups     each: u8 1 if online, i32 length, UTF-8 of the whole shared filter
 * </pre>
 *
 * all big-endian. {@link IncomingGeneration} reads it.
 */
public final class DigestSnapshot implements DigestUpdate {

    static final int HEAD_BYTES = 1 + 2 * 5 + 2 * 4;
    private static final int WORDS_A_CHUNK = (DigestChunk.RAW_BYTES_MAX - 5) / Long.BYTES;

    /** One section: words from-to of a filter, or entries from-to of a list. */
    private record Section(DigestSection kind, int from, int to) {}

    private final long generation;
    private final long version;
    private final BloomBits literals;
    private final BloomBits overflow;
    private final List<TopicFilter> wildcards;
    private final List<DigestGroup> groups;
    private final List<Section> sections = new ArrayList<>();

    /** Takes filters that nobody changes any more. */
    DigestSnapshot(
            long generation,
            long version,
            BloomBits literals,
            BloomBits overflow,
            List<TopicFilter> wildcards,
            List<DigestGroup> groups) {
        this.generation = generation;
        this.version = version;
        this.literals = literals;
        this.overflow = overflow;
        this.wildcards = List.copyOf(wildcards);
        this.groups = List.copyOf(groups);
        sections.add(new Section(DigestSection.HEAD, 0, 0));
        cutWords(DigestSection.LITERALS, literals.words().length);
        cutWords(DigestSection.OVERFLOW, overflow.words().length);
        cutTexts(DigestSection.WILDCARDS, this.wildcards);
        cutTexts(
                DigestSection.GROUPS,
                this.groups.stream().map(DigestGroup::filter).toList());
    }

    /** The generation this is of. */
    public long generation() {
        return generation;
    }

    /** The version this is at. */
    public long version() {
        return version;
    }

    /** How many chunks there are, at least 3. */
    public int chunks() {
        return sections.size();
    }

    /** Packs one chunk. */
    public DigestChunk chunk(int index) {
        return DigestChunk.pack(generation, version, index, sections.size(), content(sections.get(index)));
    }

    private void cutWords(DigestSection kind, int words) {
        for (var from = 0; from < words; from += WORDS_A_CHUNK) {
            sections.add(new Section(kind, from, Math.min(words, from + WORDS_A_CHUNK)));
        }
    }

    private void cutTexts(DigestSection kind, List<TopicFilter> filters) {
        var from = 0;
        var bytes = 1L;
        for (var i = 0; i < filters.size(); i++) {
            var needed = 5 + 3L * filters.get(i).text().length();
            if (bytes + needed > DigestChunk.RAW_BYTES_MAX) {
                sections.add(new Section(kind, from, i));
                from = i;
                bytes = 1;
            }
            bytes += needed;
        }
        if (from < filters.size()) {
            sections.add(new Section(kind, from, filters.size()));
        }
    }

    private byte[] content(Section section) {
        return switch (section.kind) {
            case HEAD -> head();
            case LITERALS -> words(section, literals.words());
            case OVERFLOW -> words(section, overflow.words());
            case WILDCARDS -> wildcards(section);
            case GROUPS -> groups(section);
        };
    }

    private byte[] head() {
        return ByteBuffer.allocate(HEAD_BYTES)
                .put(DigestSection.HEAD.code())
                .putInt(literals.words().length)
                .put((byte) literals.hashFunctions())
                .putInt(overflow.words().length)
                .put((byte) overflow.hashFunctions())
                .putInt(wildcards.size())
                .putInt(groups.size())
                .array();
    }

    private static byte[] words(Section section, long[] words) {
        var count = section.to - section.from;
        var content = ByteBuffer.allocate(5 + count * Long.BYTES);
        content.put(section.kind.code()).putInt(section.from);
        content.asLongBuffer().put(words, section.from, count);
        return content.array();
    }

    private byte[] wildcards(Section section) {
        var content = new ByteArrayOutputStream();
        content.write(section.kind.code());
        for (var filter : wildcards.subList(section.from, section.to)) {
            writeText(content, filter.text());
        }
        return content.toByteArray();
    }

    private byte[] groups(Section section) {
        var content = new ByteArrayOutputStream();
        content.write(section.kind.code());
        for (var group : groups.subList(section.from, section.to)) {
            content.write(group.hasOnline() ? 1 : 0);
            writeText(content, group.filter().text());
        }
        return content.toByteArray();
    }

    private static void writeText(ByteArrayOutputStream content, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        content.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        content.writeBytes(bytes);
    }
}
