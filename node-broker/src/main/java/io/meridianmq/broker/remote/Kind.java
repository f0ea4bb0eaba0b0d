package io.meridianmq.broker.remote;

import io.meridianmq.core.publication.CanonicalBytes;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The first byte of everything that nodes say about sessions to each other. Numbers are never given a new meaning. */
enum Kind {
    ATTACH(0x01, Arrival.OPENS_SESSION),
    PUBLISH(0x02, Arrival.TO_SESSION),
    REFUSE_PUBLISH(0x03, Arrival.TO_SESSION),
    SUBSCRIBE(0x04, Arrival.TO_SESSION),
    UNSUBSCRIBE(0x05, Arrival.TO_SESSION),
    CLIENT_PUBACK(0x06, Arrival.TO_SESSION),
    CLIENT_PUBREC(0x07, Arrival.TO_SESSION),
    CLIENT_PUBREL(0x08, Arrival.TO_SESSION),
    CLIENT_PUBCOMP(0x09, Arrival.TO_SESSION),
    CREDIT(0x0A, Arrival.TO_SESSION),
    TOO_LARGE(0x0B, Arrival.TO_SESSION),
    ASK_FILTERS(0x0C, Arrival.TO_SESSION),
    WITHDRAW(0x0D, Arrival.TO_SESSION),
    EXPELLED(0x0E, Arrival.LEAVES_SESSION),
    GONE(0x0F, Arrival.LEAVES_SESSION),
    BEQUEATH(0x10, Arrival.BEQUEATHS),

    OPENED(0x41, Arrival.TO_CLIENT),
    REFUSE(0x42, Arrival.TO_CLIENT),
    DELIVER(0x43, Arrival.TO_CLIENT),
    SUBACK(0x44, Arrival.TO_CLIENT),
    UNSUBACK(0x45, Arrival.TO_CLIENT),
    SESSION_PUBACK(0x46, Arrival.TO_CLIENT),
    SESSION_PUBREC(0x47, Arrival.TO_CLIENT),
    SESSION_PUBREL(0x48, Arrival.TO_CLIENT),
    SESSION_PUBCOMP(0x49, Arrival.TO_CLIENT),
    DEALT_WITH(0x4A, Arrival.TO_CLIENT),
    FILTERS(0x4B, Arrival.TO_CLIENT),
    CLOSE(0x4C, Arrival.TO_CLIENT),

    /** So many bytes of what this node was sent have arrived; between nodes, of no connection. */
    ARRIVED(0x61, Arrival.NOTHING);

    private static final Map<Integer, Kind> BY_CODE =
            Stream.of(values()).collect(Collectors.toMap(Kind::code, Function.identity()));

    private final int code;
    private final Arrival arrival;

    Kind(int code, Arrival arrival) {
        this.code = code;
        this.arrival = arrival;
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

    /** Whom it is for. */
    Arrival arrival() {
        return arrival;
    }
}
