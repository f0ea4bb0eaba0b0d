package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayList;
import java.util.List;

/** Makes publications and remembers their bytes, to find shares that are never released. */
final class Messages {

    private final List<CountedBytes> made = new ArrayList<>();

    Publication of(String topic, int qos) {
        return of(topic, qos, false, Publication.NEVER, 10);
    }

    Publication retained(String topic, int qos, long timestamp) {
        return of(topic, qos, true, Publication.NEVER, 10, timestamp);
    }

    Publication of(String topic, int qos, boolean retain, long expiresAtMillis, int sizeBytes) {
        return of(topic, qos, retain, expiresAtMillis, sizeBytes, made.size() + 1L);
    }

    CountedBytes bytes() {
        var bytes = new CountedBytes(10);
        made.add(bytes);
        return bytes;
    }

    /** How many messages somebody besides the maker of the message still holds. */
    long held() {
        return made.stream().filter(bytes -> bytes.holders() > 1).count();
    }

    /** How many messages anybody holds. */
    long alive() {
        return made.stream().filter(bytes -> bytes.holders() > 0).count();
    }

    private Publication of(String topic, int qos, boolean retain, long expiresAtMillis, int sizeBytes, long timestamp) {
        var bytes = new CountedBytes(sizeBytes);
        made.add(bytes);
        return new Publication(
                new PublicationId(1, 1, made.size()), timestamp, 7, topic, Qos.of(qos), retain, expiresAtMillis, bytes);
    }
}
