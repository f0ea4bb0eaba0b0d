package io.meridianmq.broker.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.sys.SysTopics.Figure;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.topic.TopicFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

final class SysTopicsTest {

    private final AtomicLong clients = new AtomicLong(1);
    private final SysTopics topics = new SysTopics(
            List.of(
                    new Figure("$SYS/broker/clients/connected", () -> clients.toString()),
                    new Figure("$SYS/broker/version", () -> "Meridian")),
            new Stamps(Place.node("r", "z", "1"), 1, new HybridClock()),
            () -> Instant.ofEpochMilli(1_000));
    private final List<String> published = new ArrayList<>();

    @Test
    void publishesWhatChangedOnceInAnInterval() {
        var publisher = new SysPublisher(topics, Duration.ofNanos(100), this::note, 0);
        publisher.tick(99);
        assertThat(published).isEmpty();
        clients.set(2);
        publisher.tick(100);
        publisher.tick(150);
        clients.set(3);
        publisher.tick(199);
        assertThat(published).containsExactly("$SYS/broker/clients/connected 2");
        publisher.tick(200);
        assertThat(published).endsWith("$SYS/broker/clients/connected 3");
    }

    @Test
    void answersLookUpsWithWhatWasReadLast() {
        topics.refresh(_ -> {});
        assertThat(lookUp("$SYS/#", "", 10))
                .containsExactly("$SYS/broker/clients/connected 1", "$SYS/broker/version Meridian");
        assertThat(lookUp("$SYS/broker/+", "", 10)).containsExactly("$SYS/broker/version Meridian");
        assertThat(lookUp("$SYS/#", "", 1)).containsExactly("$SYS/broker/clients/connected 1", "more");
        assertThat(lookUp("$SYS/#", "$SYS/broker/clients/connected", 1))
                .containsExactly("$SYS/broker/version Meridian");
        assertThat(lookUp("$SYS/other", "", 10)).isEmpty();
    }

    @Test
    void leavesOtherLookUpsToOthers() {
        topics.refresh(_ -> {});
        assertThat(lookUp("#", "", 10)).containsExactly("asked others");
        assertThat(lookUp("$SYSTEM/#", "", 10)).containsExactly("asked others");
    }

    @Test
    void refusesAFigureElsewhere() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Figure("broker/version", () -> ""));
    }

    private List<String> lookUp(String filter, String afterTopic, int limit) {
        var others = new RetainedMessages() {
            @Override
            public void store(Publication publication, IntConsumer onStored) {
                onStored.accept(0);
            }

            @Override
            public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
                published.add("asked others");
            }
        };
        published.clear();
        new SysRetained(others, topics).lookUp(TopicFilter.of(filter), afterTopic, limit, (found, more) -> {
            found.forEach(publication -> {
                note(publication);
                publication.release();
            });
            if (more) {
                published.add("more");
            }
        });
        return List.copyOf(published);
    }

    private void note(Publication publication) {
        var payload = ((PublishFrame) publication.bytes()).payload();
        published.add(publication.topic() + " " + payload.toString(UTF_8));
        payload.release();
    }
}
