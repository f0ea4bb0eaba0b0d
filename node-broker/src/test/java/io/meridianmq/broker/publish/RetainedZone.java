package io.meridianmq.broker.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.retained.warm.WarmSettings;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A zone of nodes with a store each, all run by the test's thread, with a clock to set and links that can be cut. */
final class RetainedZone implements AutoCloseable {

    static final long NOW = 1_800_000_000_000L;

    /** What the links do to one node's questions and answers. */
    enum Link {
        UP,
        /** Answers wait for {@link #deliverHeld}. */
        HOLDS,
        REFUSES
    }

    long nowMillis = NOW;

    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
    private final EmbeddedChannel timer = new EmbeddedChannel();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private long lastNumber;

    /** A message as the tests see it. */
    record Seen(String topic, String text) {}

    /** What a look-up found. */
    record Answered(List<Seen> found, boolean more) {}

    private final class Node implements ZonePeers {
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final Place place;
        final WarmTier warm;
        final LocalRetained local;
        final ZoneRetained zone;
        Link link = Link.UP;
        int asked;

        Node(int number, WarmSettings settings) throws IOException {
            place = Place.node("r", "z", "n" + number);
            warm = WarmTier.open(settings, clock);
            local = new LocalRetained(warm, Runnable::run);
            zone = new ZoneRetained(place, local, this, timer.eventLoop(), clock, meters);
        }

        @Override
        public List<Place> others() {
            return nodes.stream()
                    .map(node -> node.place)
                    .filter(other -> !other.equals(place))
                    .toList();
        }

        @Override
        public void ask(Place node, Question question, Consumer<Answer> onAnswer) {
            var peer = nodes.stream()
                    .filter(other -> other.place.equals(node))
                    .findAny()
                    .orElseThrow();
            peer.asked++;
            switch (peer.link) {
                case REFUSES -> onAnswer.accept(new Answer.Refused("busy"));
                case HOLDS -> held.add(() -> peer.answer(question, onAnswer));
                case UP -> peer.answer(question, onAnswer);
            }
        }

        private void answer(Question question, Consumer<Answer> onAnswer) {
            local.answer((Question.RetainedLookup) question, answer -> overTheLink(answer, onAnswer));
        }
    }

    /** @param settings of each node's store, by its folder */
    RetainedZone(int size, Path folder, Function<Path, WarmSettings> settings) throws IOException {
        timer.freezeTime();
        for (var i = 0; i < size; i++) {
            nodes.add(new Node(i, settings.apply(folder.resolve("n" + i))));
        }
    }

    /** Never sweeps within a test. */
    static WarmSettings settings(Path folder) {
        return settings(folder, Duration.ofHours(1), 1_000, 1 << 20);
    }

    static WarmSettings settings(Path folder, Duration sweepEvery, int pageEntries, long pageBytes) {
        var small = WarmSettings.small(folder);
        return new WarmSettings(
                small.store(),
                small.diskBytesMax(),
                small.tombstonesKept(),
                sweepEvery,
                small.sweepEntries(),
                pageEntries,
                pageBytes);
    }

    void link(int node, Link state) {
        nodes.get(node).link = state;
    }

    /** How often other nodes have asked this one. */
    int asked(int node) {
        return nodes.get(node).asked;
    }

    /** How many answers all nodes together have missed. */
    double missed() {
        return nodes.stream()
                .mapToDouble(node -> node.meters
                        .get("meridian_retained_lookup_missed_total")
                        .functionCounter()
                        .count())
                .sum();
    }

    void deliverHeld() {
        var now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
    }

    /** Lets time pass, timers included. */
    void pass(Duration time) {
        nowMillis += time.toMillis();
        timer.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        timer.runScheduledPendingTasks();
    }

    /** Publishes with RETAIN; an empty text clears. */
    void publish(int node, String topic, String text, long atMillis, long expiresAtMillis) {
        lastNumber++;
        var message = new PublishMessage(
                topic, BinaryData.of(text.getBytes(UTF_8)), Qos.AT_LEAST_ONCE, true, PublishProperties.NONE);
        var publication = new Publication(
                new PublicationId(node, 1, lastNumber),
                HybridClock.ofMillis(atMillis),
                0,
                topic,
                Qos.AT_LEAST_ONCE,
                true,
                expiresAtMillis,
                PublishFrame.of(message, PooledByteBufAllocator.DEFAULT));
        var stored = new CompletableFuture<Integer>();
        nodes.get(node).zone.store(publication, stored::complete);
        publication.release();
        if (stored.join() != 0) {
            throw new IllegalStateException("not stored: reason code " + stored.join());
        }
    }

    /** Asks a node; complete when it has answered. */
    CompletableFuture<Answered> lookUp(int node, String filter, String afterTopic, int limit) {
        var answered = new CompletableFuture<Answered>();
        nodes.get(node).zone.lookUp(TopicFilter.of(filter), afterTopic, limit, (found, more) -> {
            var seen = found.stream().map(RetainedZone::seen).toList();
            found.forEach(Publication::release);
            if (!answered.complete(new Answered(seen, more))) {
                throw new IllegalStateException("answered twice");
            }
        });
        return answered;
    }

    LocalRetained local(int node) {
        return nodes.get(node).local;
    }

    WarmTier warm(int node) {
        return nodes.get(node).warm;
    }

    private static Seen seen(Publication publication) {
        var payload = ((PublishFrame) publication.bytes()).payload();
        try {
            return new Seen(publication.topic(), payload.toString(UTF_8));
        } finally {
            payload.release();
        }
    }

    /** Brings all publications of an answer across in one buffer, which is overwritten as soon as the call is over. */
    private static void overTheLink(Answer answer, Consumer<Answer> onAnswer) {
        if (!(answer instanceof Answer.RetainedFound(var found, var more))) {
            onAnswer.accept(answer);
            return;
        }
        var batch = PooledByteBufAllocator.DEFAULT.buffer();
        var ends = IntStream.builder();
        for (var publication : found) {
            ((PublishFrame) publication.bytes()).writeCanonical(batch);
            ends.add(batch.writerIndex());
        }
        var arrived = new ArrayList<Publication>();
        var endOf = ends.build().toArray();
        for (var i = 0; i < endOf.length; i++) {
            var start = i == 0 ? 0 : endOf[i - 1];
            var sent = found.get(i);
            arrived.add(new Publication(
                    sent.id(),
                    sent.timestamp(),
                    sent.publisherHash(),
                    sent.topic(),
                    sent.qos(),
                    sent.retain(),
                    sent.expiresAtMillis(),
                    PublishFrame.ofCanonical(batch.slice(start, endOf[i] - start), new TopicCache())));
        }
        onAnswer.accept(new Answer.RetainedFound(arrived, more));
        arrived.forEach(Publication::release);
        batch.setZero(0, batch.writerIndex());
        batch.release();
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.warm.close());
        timer.finishAndReleaseAll();
    }
}
