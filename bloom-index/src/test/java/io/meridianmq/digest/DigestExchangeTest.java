package io.meridianmq.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.digest.RemoteDigest.Outcome;
import io.meridianmq.topic.Allocation;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicFilter.Shape;
import io.meridianmq.topic.TopicHash;
import io.meridianmq.topic.TopicHashes;
import io.meridianmq.topic.TopicTexts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A builder, the link to its receiver, and a naive list of what is wanted. */
final class DigestExchangeTest {

    private static final long MILLI = 1_000_000;
    private static final long BOOT = 1_700_000_000_000L;

    private final Map<TopicFilter, DigestGroup> groups = new HashMap<>();
    private final Set<TopicFilter> wanted = new LinkedHashSet<>();
    private final Set<Long> literals = new LinkedHashSet<>();
    private final TopicHashes hashes = new TopicHashes();
    private DigestBuilder builder = builder(BOOT, new DigestSettings(2_000, 25, 40, 30, 50, 64));
    private RemoteDigest remote = new RemoteDigest(DigestLimits.DEFAULT);

    /** What is on its way, in order: deltas and chunks, the latter mixed in later. */
    private final Queue<DigestDelta> deltas = new ArrayDeque<>();

    private final Queue<DigestChunk> chunks = new ArrayDeque<>();
    private long nowNanos;

    private DigestBuilder builder(long boot, DigestSettings settings) {
        return new DigestBuilder(
                settings,
                () -> List.copyOf(literals).stream().mapToLong(Long::longValue).iterator(),
                boot);
    }

    @Test
    void noMatchIsMissedThroughDeltasGenerationsOverflowAndCovering() throws DigestException {
        var seed = TopicTexts.seed(21);
        var random = new SplittableRandom(seed);
        send(builder.snapshot());
        deliverAll();
        var first = remote.position().generation();
        for (var round = 0; round < 400; round++) {
            for (var i = 0; i < 50; i++) {
                change(random, round % 40 < 25 ? 7 : 2);
            }
            var settled = round % 5 == 0;
            pump(random, settled);
            if (settled) {
                assertThat(remote.isCurrent()).isTrue();
                assertThat(remote.position()).isEqualTo(builder.position());
                for (var i = 0; i < 200; i++) {
                    checkNothingMissed(TopicTexts.topic(random), seed);
                }
            }
        }
        assertThat(remote.position().generation()).as("generations").isGreaterThan(first + 1);
        pump(random, true);
        assertRelays(random, seed);
    }

    private void change(SplittableRandom random, int addOf10) {
        var adding = random.nextInt(10) < addOf10;
        if (random.nextInt(8) == 0) {
            var group = new DigestGroup(TopicTexts.sharedFilter(random), random.nextBoolean());
            if (!adding) {
                groups.remove(group.filter());
                builder.removeGroup(group.filter(), nowNanos);
            } else if (builder.putGroup(group, nowNanos) != DigestOutcome.REFUSED) {
                groups.put(group.filter(), group);
            }
            return;
        }
        var filter = random.nextInt(3) == 0
                ? TopicTexts.filter(random)
                : TopicFilter.of(TopicTexts.topic(random) + "/" + random.nextInt(20));
        if (filter.shape() == Shape.LITERAL) {
            var key = TopicHash.of(filter);
            if (adding && wanted.add(filter)) {
                literals.add(key);
                builder.addLiteral(key, nowNanos);
            } else if (!adding && wanted.remove(filter)) {
                literals.remove(key);
                builder.removeLiteral();
            }
        } else if (adding) {
            if (builder.addWildcard(filter, nowNanos) == DigestOutcome.CHANGED) {
                assertThat(wanted.add(filter)).isTrue();
            }
        } else {
            assertThat(builder.removeWildcard(filter, nowNanos) == DigestOutcome.CHANGED)
                    .isEqualTo(wanted.remove(filter));
        }
    }

    /** Lets some time pass, or enough for everything to arrive. */
    private void pump(SplittableRandom random, boolean settle) throws DigestException {
        for (var i = 0; i < 3 || (settle && !quiet()); i++) {
            nowNanos += MILLI * random.nextInt(1, settle ? 200 : 20);
            for (var update = builder.poll(nowNanos); update.isPresent(); update = builder.poll(nowNanos)) {
                switch (update.get()) {
                    case DigestDelta delta -> deltas.add(delta);
                    case DigestSnapshot snapshot -> {
                        deliverDeltas(); // The first chunk comes behind the deltas before it, the others among those
                        // after.
                        send(snapshot);
                        assertThat(remote.accept(chunks.remove())).isEqualTo(Outcome.APPLIED);
                    }
                }
            }
            if (random.nextBoolean()) {
                deliverDeltas();
            }
            if (!chunks.isEmpty()) {
                assertThat(remote.accept(chunks.remove())).isEqualTo(Outcome.APPLIED);
            }
        }
    }

    private boolean quiet() {
        return builder.nextPollNanos() == DigestBuilder.NEVER && chunks.isEmpty() && deltas.isEmpty();
    }

    private void send(DigestSnapshot snapshot) {
        chunks.clear();
        for (var i = 0; i < snapshot.chunks(); i++) {
            chunks.add(snapshot.chunk(i));
        }
    }

    private void deliverDeltas() throws DigestException {
        while (!deltas.isEmpty()) {
            assertThat(remote.apply(deltas.remove())).isNotEqualTo(Outcome.OUT_OF_STEP);
        }
    }

    private void deliverAll() throws DigestException {
        while (!chunks.isEmpty()) {
            assertThat(remote.accept(chunks.remove())).isEqualTo(Outcome.APPLIED);
        }
        deliverDeltas();
    }

    private void checkNothingMissed(String topic, long seed) {
        hashes.of(topic);
        var reasons = remote.explain(hashes);
        assertThat(remote.mightMatch(hashes)).as("seed %s: %s", seed, topic).isEqualTo(!reasons.isEmpty());
        if (wanted.stream().anyMatch(filter -> filter.matches(topic))) {
            assertThat(reasons).as("seed %s: %s is wanted", seed, topic).isNotEmpty();
        }
        for (var reason : reasons) {
            if (reason instanceof DigestMatch.Wildcard(var filter)) {
                assertThat(wanted).as("seed %s: exact filters", seed).contains(filter);
                assertThat(filter.matches(topic)).isTrue();
            }
        }
        var found = new ArrayList<DigestGroup>();
        remote.matchGroups(hashes, found::add);
        assertThat(found)
                .as("seed %s: groups of %s", seed, topic)
                .containsExactlyInAnyOrderElementsOf(groups.values().stream()
                        .filter(group -> group.filter().matches(topic))
                        .toList());
    }

    private void assertRelays(SplittableRandom random, long seed) throws DigestException {
        var origin = remote;
        remote = new RemoteDigest(DigestLimits.DEFAULT);
        send(origin.snapshot().orElseThrow());
        deliverAll();
        assertThat(remote.position()).isEqualTo(origin.position());
        for (var i = 0; i < 500; i++) {
            var topic = TopicTexts.topic(random);
            hashes.of(topic);
            assertThat(remote.mightMatch(hashes)).isEqualTo(origin.mightMatch(hashes));
            checkNothingMissed(topic, seed);
        }
    }

    @Test
    void aMillionRandomPairsOfTopicAndFilterHaveNoFalseNegative() throws DigestException {
        var seed = TopicTexts.seed(22);
        var random = new SplittableRandom(seed);
        builder = builder(BOOT, new DigestSettings(2_000, 25, 300, 30, 10_000, 10_000));
        var filters = new ArrayList<TopicFilter>();
        while (filters.size() < 1_000) {
            var filter = TopicTexts.filter(random);
            // Broad ones would match everything and test nothing.
            if (filter.literalLevels() > 0 && wanted.add(filter)) {
                filters.add(filter);
                if (filter.shape() == Shape.LITERAL) {
                    builder.addLiteral(TopicHash.of(filter), 0);
                } else {
                    builder.addWildcard(filter, 0);
                }
            }
        }
        send(builder.snapshot());
        deliverAll();
        var matches = 0;
        for (var round = 0; round < 1_000; round++) {
            var topic = TopicTexts.topic(random);
            var might = remote.mightMatch(hashes.of(topic));
            for (var filter : filters) {
                if (filter.matches(topic)) {
                    matches++;
                    assertThat(might)
                            .as("seed %s: %s on %s", seed, filter, topic)
                            .isTrue();
                }
            }
        }
        assertThat(matches).isGreaterThan(1_000);
    }

    @Test
    void aMissedDeltaPutsItOutOfStepUntilASnapshotIsComplete() throws DigestException {
        send(builder.snapshot());
        deliverAll();
        assertThat(remote.isCurrent()).isTrue();
        var lost = change("a");
        var next = change("b");
        assertThat(remote.apply(next)).isEqualTo(Outcome.OUT_OF_STEP);
        assertThat(remote.isCurrent()).isFalse();
        assertThat(remote.position().version()).isEqualTo(lost.fromVersion());
        send(builder.snapshot());
        deliverAll();
        assertThat(remote.isCurrent()).isTrue();
        assertThat(remote.mightMatch(hashes.of("a"))).isTrue();
        assertThat(remote.apply(next)).isEqualTo(Outcome.IGNORED);
        assertThat(remote.apply(change("c"))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void aRestartedSenderIsOutOfStepAndThenReplaced() throws DigestException {
        send(builder.snapshot());
        deliverAll();
        remote.apply(change("old"));
        builder = builder(BOOT + 1, DigestSettings.DEFAULT);
        assertThat(remote.apply(change("new"))).isEqualTo(Outcome.OUT_OF_STEP);
        assertThat(remote.mightMatch(hashes.of("old")))
                .as("the last state answers")
                .isTrue();
        send(builder.snapshot());
        deliverAll();
        assertThat(remote.mightMatch(hashes.of("old"))).isFalse();
        assertThat(remote.mightMatch(hashes.of("new"))).isTrue();
        assertThat(remote.isCurrent()).isTrue();
    }

    @Test
    void chunksOutOfOrderAskForASnapshot() throws DigestException {
        var snapshot = builder.snapshot();
        assertThat(remote.accept(snapshot.chunk(1))).isEqualTo(Outcome.OUT_OF_STEP);
        assertThat(remote.accept(snapshot.chunk(0))).isEqualTo(Outcome.APPLIED);
        assertThat(remote.accept(snapshot.chunk(2))).isEqualTo(Outcome.OUT_OF_STEP);
        assertThat(remote.accept(snapshot.chunk(1))).isEqualTo(Outcome.APPLIED);
        assertThat(remote.isCurrent()).isFalse();
        assertThat(remote.accept(snapshot.chunk(2))).isEqualTo(Outcome.APPLIED);
        assertThat(remote.isCurrent()).isTrue();
    }

    private DigestDelta change(String literal) {
        nowNanos += 2_000 * MILLI;
        builder.addLiteral(TopicHash.ofLiteral(literal), nowNanos);
        nowNanos += 20 * MILLI;
        return (DigestDelta) builder.poll(nowNanos).orElseThrow();
    }

    @Test
    void corruptOrTruncatedChunksAreRefusedAndTheRightOneIsStillTaken() throws DigestException {
        var seed = TopicTexts.seed(23);
        var random = new SplittableRandom(seed);
        builder.addWildcard(TopicFilter.of("a/+"), 0);
        builder.putGroup(new DigestGroup(TopicFilter.of("$share/g/\u6e29/#"), true), 0);
        builder.addLiteral(TopicHash.ofLiteral("x"), 0);
        var snapshot = builder.snapshot();
        for (var i = 0; i < snapshot.chunks(); i++) {
            var good = snapshot.chunk(i);
            for (var round = 0; round < 200; round++) {
                var bad = damage(good, random);
                assertThatThrownBy(() -> remote.accept(bad))
                        .as("seed %s", seed)
                        .isInstanceOf(DigestException.class)
                        .hasMessageContaining("digest chunk " + i + " of");
            }
            assertThat(remote.accept(good)).isEqualTo(Outcome.APPLIED);
        }
        assertThat(remote.isCurrent()).isTrue();
        assertThat(remote.mightMatch(hashes.of("a/b"))).isTrue();
        assertThat(remote.mightMatch(hashes.of("x"))).isTrue();
    }

    private static DigestChunk damage(DigestChunk good, SplittableRandom random) {
        var bytes = good.deflated().clone();
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length - 4));
        } else {
            // The last 4 bytes are zlib's own checksum, which may not be reached.
            bytes[random.nextInt(bytes.length - 4)] ^= (byte) (1 << random.nextInt(8));
        }
        var checksum = random.nextInt(4) == 0 ? good.checksum() + 1 : good.checksum();
        var damaged = new DigestChunk(
                good.generation(), good.version(), good.index(), good.count(), good.rawBytes(), checksum, bytes);
        try {
            damaged.unpack();
        } catch (DigestException e) {
            return damaged;
        }
        return new DigestChunk( // The flipped bit meant nothing to zlib, so damage something that does.
                good.generation(), good.version(), good.index(), good.count(), good.rawBytes() + 1, checksum, bytes);
    }

    @Test
    void chunksThatLieAboutTheirContentAreRefused() {
        var head = new byte[DigestSnapshot.HEAD_BYTES];
        Arrays.fill(head, 1, head.length, (byte) 0x7f);
        assertRefused(DigestChunk.pack(1, 1, 0, 3, head), "announces a Bloom filter of");
        assertRefused(DigestChunk.pack(1, 1, 0, 3, new byte[5]), "is not the head of a snapshot");
        assertRefused(new DigestChunk(1, 1, 0, 3, Integer.MAX_VALUE, 0, new byte[5]), "at most 1000000");
        for (byte[] content : new byte[][] {
            {},
            {9},
            {0},
            {1, 0, 0},
            {1, 0, 0, 0, 9},
            {3, 0, 0, 0, 9, 'a'},
            {3, 0, 0, 0, 1, (byte) 0xff},
            {3, 0, 0, 0, 1, 'a'},
            {4, 1, 0, 0, 0, 1, 'a'}
        }) {
            assertThatThrownBy(() -> {
                        remote.accept(builder.snapshot().chunk(0));
                        remote.accept(DigestChunk.pack(
                                builder.position().generation(),
                                builder.position().version(),
                                1,
                                3,
                                content));
                    })
                    .isInstanceOf(DigestException.class);
        }
        assertThat(remote.position()).isEqualTo(DigestPosition.NONE);
    }

    private void assertRefused(DigestChunk chunk, String why) {
        assertThatThrownBy(() -> remote.accept(chunk))
                .isInstanceOf(DigestException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aDeltaBeyondTheLimitsIsRefusedWhole() throws DigestException {
        remote = new RemoteDigest(new DigestLimits(1 << 20, 1, 0, 10));
        send(builder.snapshot());
        deliverAll();
        var before = remote.position();
        var delta = new DigestDelta(
                before.generation(),
                before.version(),
                before.version() + 1,
                ImmutableLongArray.of(TopicHash.ofLiteral("x")),
                ImmutableLongArray.of(),
                List.of(TopicFilter.of("a/+"), TopicFilter.of("b/+")),
                List.of(),
                List.of(),
                List.of());
        assertThatThrownBy(() -> remote.apply(delta)).hasMessageContaining("leads to 2 filters with wildcards");
        assertThat(remote.position()).isEqualTo(before);
        assertThat(remote.mightMatch(hashes.of("x"))).isFalse();
    }

    @Test
    void answersWithoutAllocating() throws DigestException {
        builder.addLiteral(TopicHash.ofLiteral("a/b/c"), 0);
        for (var i = 0; i < 100; i++) {
            builder.addWildcard(TopicFilter.of("a/" + i + "/+"), 0); // More than the limit: some go to the overflow.
        }
        send(builder.snapshot());
        deliverAll();
        var passed = new int[1];
        var bytes = Allocation.bytesPerRun(() -> {
            passed[0] += remote.mightMatch(hashes.of("a/b/c")) ? 1 : 0;
            passed[0] += remote.mightMatch(hashes.of("a/7/x")) ? 1 : 0;
            passed[0] += remote.mightMatch(hashes.of("x/y/z")) ? 1 : 0;
        });
        assertThat(passed[0]).isEqualTo(2 * 10_100);
        assertThat(bytes).isLessThan(1);
    }
}
