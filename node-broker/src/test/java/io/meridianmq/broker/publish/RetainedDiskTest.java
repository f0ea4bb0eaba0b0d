package io.meridianmq.broker.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedStore;
import io.meridianmq.core.retained.RetainedStore.Kept;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.retained.warm.WarmSettings;
import io.meridianmq.retained.warm.WarmTier;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedDiskTest {

    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    private Path folder;

    private WarmTier warm;
    private RetainedDisk disk;
    private long nowMillis = NOW;
    private long lastNumber;

    @BeforeEach
    void open() throws IOException {
        var small = WarmSettings.small(folder);
        var settings = new WarmSettings(
                small.store(), small.diskBytesMax(), small.tombstonesKept(), Duration.ofHours(1), 512, 5, 1 << 20);
        warm = WarmTier.open(settings, () -> Instant.ofEpochMilli(nowMillis));
        disk = new RetainedDisk(warm, Runnable::run, () -> Instant.ofEpochMilli(nowMillis));
        disk.connect(Runnable::run);
    }

    @AfterEach
    void close() {
        warm.close();
    }

    @Test
    void keepsTheNewestAndSaysWhatBecameOfEach() {
        assertThat(keep("t", "new", NOW)).isEqualTo(Kept.STORED);
        assertThat(keep("t", "old", NOW - 1)).isEqualTo(Kept.SUPERSEDED);
        assertThat(find("t")).containsExactly("t new");
    }

    @Test
    void answersWithClearsAsEmptyMessages() {
        keep("t", "v", NOW);
        keep("t", "", NOW + 1);
        assertThat(find("#")).containsExactly("t ");
    }

    @Test
    void seesWhatWasGivenBefore() {
        for (var i = 0; i < 50; i++) {
            var publication = publication("t/" + i, "v", NOW, Publication.NEVER);
            disk.keep(publication, _ -> {});
            publication.release();
            assertThat(find("t/" + i)).hasSize(1);
        }
    }

    @Test
    void leavesOutWhatItIsNotToAnswerAndFillsThePageWithTheRest() {
        for (var i = 0; i < 40; i++) {
            keep("t/%02d".formatted(i), "v", NOW);
        }
        disk.find(lookup("t/+", "", 3), topic -> topic.endsWith("0"), answer -> {
            var found = (Answer.RetainedFound) answer;
            assertThat(found.found().stream().map(Publication::topic)).containsExactly("t/00", "t/10", "t/20");
            assertThat(found.more()).isTrue();
        });
        disk.find(lookup("t/+", "t/20", 3), topic -> topic.endsWith("0"), answer -> {
            var found = (Answer.RetainedFound) answer;
            assertThat(found.found().stream().map(Publication::topic)).containsExactly("t/30");
            assertThat(found.more()).isFalse();
        });
    }

    @Test
    void answersFitIntoAFrame() {
        var large = "v".repeat(RetainedStore.PAGE_BYTES_MAX / 2 - 1_000);
        for (var i = 0; i < 3; i++) {
            keep("a/" + i, large, NOW);
        }
        keep("b", large.repeat(3), NOW);
        assertThat(find("#")).hasSize(2);
        disk.find(
                lookup("#", "a/2", 100),
                _ -> true,
                answer -> assertThat(((Answer.RetainedFound) answer).found()).hasSize(1));
    }

    @Test
    void refusesWhatIsNoLookUp() {
        var answers = new ArrayList<Answer>();
        disk.find(lookup("a/#/b", "", 1), _ -> true, answers::add);
        disk.find(lookup("a", "", 0), _ -> true, answers::add);
        warm.close();
        disk.find(lookup("#", "", 1), _ -> true, answers::add);
        assertThat(answers).hasSize(3).allMatch(Answer.Refused.class::isInstance);
    }

    @Test
    void refusesWhatWouldWaitTooLong() {
        var waiting = new ArrayDeque<Runnable>();
        var slow = new RetainedDisk(warm, waiting::add, () -> Instant.ofEpochMilli(nowMillis));
        slow.connect(Runnable::run);
        var answers = new ArrayList<Answer>();
        for (var i = 0; i < RetainedDisk.WAITING_MAX; i++) {
            slow.find(lookup("#", "", 1), _ -> true, answers::add);
        }
        assertThat(answers).isEmpty();
        slow.find(lookup("#", "", 1), _ -> true, answers::add);
        assertThat(answers).containsExactly(new Answer.Refused("busy"));
        waiting.forEach(Runnable::run);
        assertThat(answers).hasSize(RetainedDisk.WAITING_MAX + 1);
    }

    @Test
    void readsASlotPageByPageAndAddsItUp() {
        var topics = new ArrayList<String>();
        for (var i = 0; topics.size() < 12; i++) {
            if (SlotHash.ofTopic("t/" + i) < 4) {
                topics.add("t/" + i);
                keep("t/" + i, i % 3 == 0 ? "" : "v", NOW);
            }
        }
        var read = new ArrayList<String>();
        var sum = 0L;
        for (var slot = 0; slot < 4; slot++) {
            read(slot, "", read);
            sum += sum(slot).orElseThrow();
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(topics);
        assertThat(sum).isNotZero();
        assertThat(sum(4000)).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void anExpiredMessageCountsAsWhatItWasAndIsNotShown() {
        keep("t", "v", NOW, NOW + 10);
        var slot = SlotHash.ofTopic("t");
        var before = sum(slot);
        assertThat(shown("t")).isTrue();
        nowMillis += 10;
        assertThat(sum(slot)).isEqualTo(before);
        assertThat(shown("t")).isFalse(); // [MQTT-3.3.2-5]
        nowMillis += Duration.ofHours(13).toMillis();
        assertThat(sum(slot)).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void forgetsAVersionAndWhatIsOlderButNothingNewer() {
        keep("t", "v", NOW);
        disk.forget("t", new RetainedVersion(HybridClock.ofMillis(NOW - 1), new PublicationId(1, 1, 99)));
        assertThat(find("t")).hasSize(1);
        disk.forget("t", new RetainedVersion(HybridClock.ofMillis(NOW + 1), new PublicationId(1, 1, 1)));
        assertThat(find("t")).isEmpty();
        assertThat(sum(SlotHash.ofTopic("t"))).isEqualTo(OptionalLong.of(0));
        var read = new ArrayList<String>();
        read(SlotHash.ofTopic("t"), "", read);
        assertThat(read).isEmpty();
    }

    private Kept keep(String topic, String text, long atMillis) {
        return keep(topic, text, atMillis, Publication.NEVER);
    }

    private Kept keep(String topic, String text, long atMillis, long expiresAtMillis) {
        var publication = publication(topic, text, atMillis, expiresAtMillis);
        var kept = new CompletableFuture<Kept>();
        disk.keep(publication, kept::complete);
        publication.release();
        return kept.join();
    }

    private Publication publication(String topic, String text, long atMillis, long expiresAtMillis) {
        lastNumber++;
        var message = new PublishMessage(
                topic, BinaryData.of(text.getBytes(UTF_8)), Qos.AT_LEAST_ONCE, true, PublishProperties.NONE);
        return new Publication(
                new PublicationId(1, 1, lastNumber),
                HybridClock.ofMillis(atMillis),
                0,
                topic,
                Qos.AT_LEAST_ONCE,
                true,
                expiresAtMillis,
                PublishFrame.of(message, PooledByteBufAllocator.DEFAULT));
    }

    private static Question.RetainedLookup lookup(String filter, String afterTopic, int limit) {
        return new Question.RetainedLookup(OptionalInt.empty(), filter, afterTopic, limit, false, false);
    }

    /** What is found, as topic and payload. */
    private List<String> find(String filter) {
        var found = new ArrayList<String>();
        disk.find(
                lookup(filter, "", 100),
                _ -> true,
                answer -> ((Answer.RetainedFound) answer)
                        .found()
                        .forEach(publication -> found.add(publication.topic() + " " + text(publication))));
        return found;
    }

    private boolean shown(String topic) {
        var shown = new CompletableFuture<Boolean>();
        disk.find(
                lookup(topic, "", 1),
                _ -> true,
                answer -> shown.complete(
                        disk.isShown(((Answer.RetainedFound) answer).found().getFirst())));
        return shown.join();
    }

    private void read(int slot, String afterTopic, List<String> into) {
        var next = new CompletableFuture<Optional<String>>();
        disk.read(slot, afterTopic, page -> {
            var found = page.orElseThrow().found();
            found.forEach(publication -> into.add(publication.topic()));
            next.complete(page.get().more() ? Optional.of(found.getLast().topic()) : Optional.empty());
        });
        next.join().ifPresent(last -> read(slot, last, into));
    }

    private OptionalLong sum(int slot) {
        var sum = new CompletableFuture<OptionalLong>();
        disk.sum(slot, _ -> true, sum::complete);
        return sum.join();
    }

    private static String text(Publication publication) {
        var payload = ((PublishFrame) publication.bytes()).payload();
        try {
            return payload.toString(UTF_8);
        } finally {
            payload.release();
        }
    }
}
