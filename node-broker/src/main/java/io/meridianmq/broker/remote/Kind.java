package io.meridianmq.broker.remote;

import io.meridianmq.core.publication.CanonicalBytes;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The first byte of everything that nodes say about sessions to each other. Numbers are never given a new meaning. */
enum Kind {
    ATTACH(0x01),
    PUBLISH(0x02),
    REFUSE_PUBLISH(0x03),
    SUBSCRIBE(0x04),
    UNSUBSCRIBE(0x05),
    CLIENT_PUBACK(0x06),
    CLIENT_PUBREC(0x07),
    CLIENT_PUBREL(0x08),
    CLIENT_PUBCOMP(0x09),
    CREDIT(0x0A),
    TOO_LARGE(0x0B),
    ASK_FILTERS(0x0C),
    WITHDRAW(0x0D),
    EXPELLED(0x0E),
    GONE(0x0F),

    OPENED(0x41),
    REFUSE(0x42),
    DELIVER(0x43),
    SUBACK(0x44),
    UNSUBACK(0x45),
    SESSION_PUBACK(0x46),
    SESSION_PUBREC(0x47),
    SESSION_PUBREL(0x48),
    SESSION_PUBCOMP(0x49),
    DEALT_WITH(0x4A),
    FILTERS(0x4B),
    CLOSE(0x4C),

    /** So many bytes of what this node was sent have arrived; between nodes, of no connection. */
    ARRIVED(0x61);

    private static final Map<Integer, Kind> BY_CODE =
            Stream.of(values()).collect(Collectors.toMap(Kind::code, Function.identity()));

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /**
     * What a body begins with.
     *
     * @throws MalformedMessageException if that is none of these
     */
    static Kind of(CanonicalBytes body) {
        return find(body).orElseThrow(() -> new MalformedMessageException("what kind it is, is unknown"));
    }

    static Optional<Kind> find(CanonicalBytes body) {
        return body.sizeBytes() == 0
                ? Optional.empty()
                : Optional.ofNullable(BY_CODE.get((int) body.asByteBuffer().get(0)));
    }

    boolean isForSession() {
        return code < OPENED.code;
    }
}
