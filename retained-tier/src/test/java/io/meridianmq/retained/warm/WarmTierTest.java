package io.meridianmq.retained.warm;

import static io.meridianmq.retained.warm.WarmFixtures.NOW;
import static io.meridianmq.retained.warm.WarmFixtures.clear;
import static io.meridianmq.retained.warm.WarmFixtures.message;
import static io.meridianmq.retained.warm.WarmFixtures.put;
import static io.meridianmq.retained.warm.WarmFixtures.settings;
import static io.meridianmq.retained.warm.WarmFixtures.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.retained.RetainedEntry;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedPage;
import io.meridianmq.retained.RetainedTombstone;
import io.meridianmq.retained.store.StoreException;
import io.meridianmq.topic.TopicFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmTierTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir
    private Path folder;

    private volatile long nowMillis = NOW;
    private WarmTier tier;

    @BeforeEach
    void open() throws IOException {
        tier = WarmTier.open(settings(folder), () -> Instant.ofEpochMilli(nowMillis));
    }

    @AfterEach
    void close() {
        tier.close();
    }

    @Test
    void aPutIsReadBackWhole() {
        var message = message("a/b", NOW, "hello", NOW + HOUR);
        assertThat(put(tier, message)).isEqualTo(PutOutcome.STORED);
        assertThat(tier.get("a/b")).contains(message);
        assertThat(tier.get("a")).isEmpty();
        assertThat(message.toPublication().retain()).isTrue();
    }

    @Test
    void theNewestStampWinsWhateverTheOrderOfArrival() {
        put(tier, message("t", NOW + 2, "new"));
        assertThat(put(tier, message("t", NOW + 1, "old"))).isEqualTo(PutOutcome.SUPERSEDED);
        assertThat(put(tier, message("t", NOW + 2, "new"))).isEqualTo(PutOutcome.SUPERSEDED);
        assertThat(tier.get("t")).contains(message("t", NOW + 2, "new"));
        assertThat(put(tier, message("t", NOW + 3, "newer"))).isEqualTo(PutOutcome.STORED);
    }

    @Test
    void putsOfOneGroupSeeEachOther() {
        var outcomes = new ConcurrentLinkedQueue<PutOutcome>();
        var release = holdCommitter();
        for (var stamp = 100; stamp > 0; stamp--) {
            assertThat(tier.put(message("t", NOW + stamp, "v" + stamp), outcomes::add))
                    .isTrue();
        }
        release.countDown();
        put(tier, message("other", NOW, "last"));
        assertThat(outcomes).hasSize(100).startsWith(PutOutcome.STORED, PutOutcome.SUPERSEDED);
        assertThat(outcomes.stream().filter(PutOutcome.STORED::equals)).hasSize(1);
        assertThat(tier.get("t")).contains(message("t", NOW + 100, "v100"));
    }

    @Test
    void aSweepSeesWhatItsGroupHasReplaced() throws Exception {
        put(tier, message("t", NOW, "short", NOW + 10));
        nowMillis = NOW + 10;
        var release = holdCommitter();
        assertThat(tier.put(message("t", NOW + 1, "kept"), outcome -> {})).isTrue();
        var sweeping = Thread.startVirtualThread(() -> assertThatNoException().isThrownBy(tier::sweepRound));
        Awaitility.await().until(() -> tier.figures().committer().queuedChanges() == 2);
        release.countDown();
        sweeping.join();
        assertThat(tier.get("t")).contains(message("t", NOW + 1, "kept"));
        assertThat(tier.figures().expired()).isZero();
    }

    @Test
    void aClearHidesTheValueAndKeepsOlderPutsOut() {
        put(tier, message("t", NOW, "v"));
        assertThat(clear(tier, "t", NOW + 2)).isEqualTo(PutOutcome.STORED);
        assertThat(tier.get("t")).isEmpty();
        assertThat(put(tier, message("t", NOW + 1, "late"))).isEqualTo(PutOutcome.SUPERSEDED);
        assertThat(clear(tier, "t", NOW + 1)).isEqualTo(PutOutcome.SUPERSEDED);
        assertThat(put(tier, message("t", NOW + 3, "again"))).isEqualTo(PutOutcome.STORED);
    }

    @Test
    void aStampFarAheadDoesNotLockTheTopic() {
        put(tier, message("t", NOW + 100 * HOUR, "broken clock"));
        assertThat(HybridClock.millisOf(tier.get("t").orElseThrow().timestamp()))
                .isEqualTo(NOW + HybridClock.AHEAD_MILLIS_MAX);
        assertThat(put(tier, message("t", NOW + HybridClock.AHEAD_MILLIS_MAX + 1, "next")))
                .as("still ahead of the clock, but its identity is not greater")
                .isEqualTo(PutOutcome.SUPERSEDED);
        nowMillis = NOW + 2 * HybridClock.AHEAD_MILLIS_MAX;
        assertThat(put(tier, message("t", nowMillis, "a minute later"))).isEqualTo(PutOutcome.STORED);
    }

    @Test
    void expiredMessagesAreNotReturned() {
        put(tier, message("a/1", NOW, "short", NOW + 10));
        put(tier, message("a/2", NOW, "long"));
        nowMillis = NOW + 10;
        assertThat(tier.get("a/1")).isEmpty();
        assertThat(topics(scan("a/#"))).containsExactly("a/2");
    }

    @Test
    void versionsShowClearsAndExpiredMessagesAsTombstones() {
        put(tier, message("a/1", NOW, "short", NOW + 10));
        clear(tier, "a/2", NOW + 1);
        put(tier, message("a/3", NOW, "long"));
        nowMillis = NOW + 10;
        assertThat(tier.scanVersions(TopicFilter.of("a/#"), Optional.empty(), 100)
                        .entries())
                .containsExactly(
                        new RetainedTombstone("a/1", version(NOW)),
                        new RetainedTombstone("a/2", version(NOW + 1)),
                        message("a/3", NOW, "long"));
        assertThat(tier.scanVersions(TopicFilter.of("a/2"), Optional.empty(), 1).entries())
                .containsExactly(new RetainedTombstone("a/2", version(NOW + 1)));
        assertThat(tier.scanVersions(TopicFilter.of("a/4"), Optional.empty(), 1).entries())
                .isEmpty();
    }

    @Test
    void tombstonesFillAPageOfVersions() {
        for (var i = 0; i < 5; i++) {
            clear(tier, "a/" + i, NOW);
        }
        var page = tier.scanVersions(TopicFilter.of("a/+"), Optional.empty(), 3);
        assertThat(page.entries()).hasSize(3);
        assertThat(page.next()).contains("a/2");
        var last = tier.scanVersions(TopicFilter.of("a/+"), page.next(), 3);
        assertThat(last.entries()).extracting(RetainedEntry::topic).containsExactly("a/3", "a/4");
        assertThat(last.next()).isEmpty();
    }

    @Test
    void sweepsAreBoundedAndTurnExpiredMessagesIntoTombstones() throws Exception {
        for (var i = 0; i < 6; i++) {
            put(tier, message("a/" + i, NOW, "v", NOW + 10));
        }
        assertThat(tier.sweepRound()).isFalse();
        assertThat(tier.figures().expired()).isZero();
        nowMillis = NOW + 10;
        assertThat(tier.sweepRound()).as("four at a time").isTrue();
        assertThat(tier.figures().expired()).isEqualTo(4);
        assertThat(tier.sweepRound()).isFalse();
        assertThat(tier.figures().expired()).isEqualTo(6);
        assertThat(put(tier, message("a/0", NOW - 1, "late"))).isEqualTo(PutOutcome.SUPERSEDED);
    }

    @Test
    void aSweepLeavesAValueAloneThatReplacedTheExpiringOne() throws Exception {
        put(tier, message("t", NOW, "short", NOW + 10));
        put(tier, message("t", NOW + 1, "kept"));
        nowMillis = NOW + 30 * HOUR;
        assertThat(tier.sweepRound()).isFalse();
        assertThat(tier.get("t")).contains(message("t", NOW + 1, "kept"));
        assertThat(tier.figures().expired()).isZero();
    }

    @Test
    void tombstonesGoAfterTheirTime() throws Exception {
        clear(tier, "t", NOW);
        nowMillis = NOW + 24 * HOUR - 1;
        tier.sweepRound();
        assertThat(put(tier, message("t", NOW - 1, "late"))).isEqualTo(PutOutcome.SUPERSEDED);
        nowMillis = NOW + 24 * HOUR;
        tier.sweepRound();
        assertThat(tier.figures().tombstonesDropped()).isEqualTo(1);
        assertThat(put(tier, message("t", NOW - 1, "very late"))).isEqualTo(PutOutcome.STORED);
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepetition() {
        for (var i = 0; i < 25; i++) {
            put(tier, message("a/" + (char) ('a' + i), NOW, "v" + i));
        }
        put(tier, message("b", NOW, "outside"));
        var seen = new ArrayList<String>();
        var after = Optional.<String>empty();
        var pages = 0;
        do {
            var page = tier.scan(TopicFilter.of("a/+"), after, 10);
            seen.addAll(topics(page));
            after = page.next();
            pages++;
        } while (after.isPresent());
        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aPageThatFindsLittleEndsAndGoesOn() {
        for (var i = 0; i < 60; i++) {
            put(tier, message("a/%02d".formatted(i), NOW, "v"));
        }
        put(tier, message("z/x", NOW, "wanted"));
        var first = tier.scan(TopicFilter.of("+/x"), Optional.empty(), 10);
        assertThat(first.next().or(() -> Optional.of("z/x"))).isPresent();
        var all = new ArrayList<>(topics(first));
        for (var next = first.next(); next.isPresent(); ) {
            var page = tier.scan(TopicFilter.of("+/x"), next, 10);
            all.addAll(topics(page));
            next = page.next();
        }
        assertThat(all).containsExactly("z/x");
    }

    @Test
    void beyondTheDiskBudgetMessagesAreRefusedAndClearsAreNot() throws Exception {
        tier.close();
        var small = settings(folder);
        var tight = new WarmSettings(
                small.store(), 1, small.tombstonesKept(), small.sweepEvery(), small.sweepEntries(), 50, 1 << 20);
        tier = WarmTier.open(tight, () -> Instant.ofEpochMilli(nowMillis));
        put(tier, message("t", NOW, "v"));
        tier.sweepRound();
        assertThat(put(tier, message("t", NOW + 1, "w"))).isEqualTo(PutOutcome.FULL);
        assertThat(tier.get("t")).contains(message("t", NOW, "v"));
        assertThat(clear(tier, "t", NOW + 2)).isEqualTo(PutOutcome.STORED);
        assertThat(tier.figures().refusedFull()).isEqualTo(1);
        assertThat(tier.figures().full()).isTrue();
    }

    @Test
    void everythingIsThereAfterReopening() throws IOException {
        put(tier, message("t", NOW, "v"));
        clear(tier, "c", NOW);
        tier.close();
        open();
        assertThat(tier.get("t")).contains(message("t", NOW, "v"));
        assertThat(put(tier, message("c", NOW - 1, "late"))).isEqualTo(PutOutcome.SUPERSEDED);
    }

    @Test
    void aClosedTierTakesNothingAndReadsNothing() {
        tier.close();
        assertThat(tier.put(message("t", NOW, "v"), outcome -> {})).isFalse();
        assertThatThrownBy(() -> tier.get("t"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void figuresCountWhatHappened() {
        put(tier, message("t", NOW + 1, "v"));
        put(tier, message("t", NOW, "late"));
        var figures = tier.figures();
        assertThat(figures.stored()).isEqualTo(1);
        assertThat(figures.superseded()).isEqualTo(1);
        assertThat(figures.keysEstimate()).isEqualTo(1);
        assertThat(figures.sizeBytes()).isPositive();
        assertThat(figures.committer().groups()).isEqualTo(1);
    }

    /** Keeps the committer busy until the latch is counted down, so that what comes meanwhile becomes one group. */
    private CountDownLatch holdCommitter() {
        var reached = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        tier.put(message("gate", NOW, "v"), outcome -> {
            reached.countDown();
            waitFor(release);
        });
        waitFor(reached);
        return release;
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private RetainedPage scan(String filter) {
        return tier.scan(TopicFilter.of(filter), Optional.empty(), 100);
    }

    private static List<String> topics(RetainedPage page) {
        return page.messages().stream().map(RetainedMessage::topic).toList();
    }
}
