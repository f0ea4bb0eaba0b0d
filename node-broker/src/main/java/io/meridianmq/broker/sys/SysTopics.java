package io.meridianmq.broker.sys;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The figures of one node as messages below {@code $SYS/broker}, under the names that Mosquitto made known (MQTT 5,
 * section 4.7.2). A subscriber gets what was read last as a retained message, and then what changes. They stay on the
 * node.
 *
 * <p>{@link #refresh} is for one thread, everything else for any.
 */
public final class SysTopics {

    static final String PREFIX = "$SYS/";

    private final List<Figure> figures;
    private final Stamps stamps;
    private final Stamps.Numbers numbers;
    private final InstantSource clock;

    /** What was read last, by topic. Never changed, but replaced. */
    private volatile NavigableMap<String, String> values = new TreeMap<>();

    /**
     * One figure.
     *
     * @param topic below {@code $SYS/}
     * @param value as it is at the moment; must not block
     */
    public record Figure(String topic, Supplier<String> value) {

        public Figure {
            if (!topic.startsWith(PREFIX)) {
                throw new IllegalArgumentException(topic + " is not below " + PREFIX);
            }
        }
    }

    public SysTopics(List<Figure> figures, Stamps stamps, InstantSource clock) {
        this.figures = List.copyOf(figures);
        this.stamps = stamps;
        this.numbers = stamps.numbers();
        this.clock = clock;
    }

    /**
     * Reads all figures.
     *
     * @param onChange gets a message for each that is not what it was; borrowed for the call
     */
    public void refresh(Consumer<Publication> onChange) {
        var read = new TreeMap<String, String>();
        figures.forEach(figure -> read.put(figure.topic(), figure.value().get()));
        var before = values;
        values = read;
        read.forEach((topic, value) -> {
            if (!value.equals(before.get(topic))) {
                var publication = publication(topic, value);
                onChange.accept(publication);
                publication.release();
            }
        });
    }

    /** What was read last, in topic order; one share of each is the caller's. */
    List<Publication> matching(TopicFilter filter, String afterTopic, int limit) {
        return values.tailMap(afterTopic, false).entrySet().stream()
                .filter(entry -> filter.matches(entry.getKey()))
                .limit(limit)
                .map(entry -> publication(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Publication publication(String topic, String value) {
        var message = new PublishMessage(
                topic,
                BinaryData.of(value.getBytes(StandardCharsets.UTF_8)),
                Qos.AT_MOST_ONCE,
                true,
                PublishProperties.NONE);
        synchronized (numbers) {
            return new Publication(
                    numbers.next(),
                    stamps.timestamp(clock.millis()),
                    0,
                    topic,
                    Qos.AT_MOST_ONCE,
                    true,
                    Publication.NEVER,
                    PublishFrame.of(message, PooledByteBufAllocator.DEFAULT));
        }
    }
}
