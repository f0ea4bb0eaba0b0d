package io.meridianmq.digest;

import java.util.Optional;

/** The kinds of content a chunk has. */
enum DigestSection {
    HEAD(0),
    LITERALS(1),
    OVERFLOW(2),
    WILDCARDS(3),
    GROUPS(4);

    private static final DigestSection[] ALL = values();

    private final byte code;

    DigestSection(int code) {
        this.code = (byte) code;
    }

    /** The first byte of the content. */
    byte code() {
        return code;
    }

    static Optional<DigestSection> of(byte code) {
        for (var section : ALL) {
            if (section.code == code) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }
}
