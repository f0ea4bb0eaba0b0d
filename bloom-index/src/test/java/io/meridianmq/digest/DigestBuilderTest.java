package io.meridianmq.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DigestBuilderTest {

    private static final long MILLI = 1_000_000;
    private static final long BOOT = 1_700_000_000_000L;

    private long present;
    private final DigestBuilder builder = builder(new DigestSettings(1_000, 25, 3, 2, 5, 100));

    private DigestBuilder builder(DigestSettings settings) {
        return new DigestBuilder(settings, () -> LongStream.range(0, present).iterator(), BOOT);
    }

    @Test
    void aChangeAfterAQuietPeriodLeavesWithin20Milliseconds() {
        assertThat(builder.nextPollNanos()).isEqualTo(DigestBuilder.NEVER);
        builder.addLiteral(1, 500 * MILLI);
        assertThat(builder.nextPollNanos()).isBetween(500 * MILLI, 520 * MILLI);
        assertThat(builder.poll(builder.nextPollNanos() - 1)).isEmpty();
        var delta = deltaAt(builder.nextPollNanos());
        assertThat(delta.addedLiterals().asList()).containsExactly(1L);
        assertThat(delta.fromVersion()).isEqualTo(BOOT << 20);
        assertThat(builder.position().version()).isEqualTo(delta.toVersion());
        assertThat(builder.nextPollNanos()).isEqualTo(DigestBuilder.NEVER);
    }

    @Test
    void aFewChangesCloseTogetherNeedNotWait() {
        for (var i = 0L; i < 5; i++) {
            builder.addLiteral(i, i * 100 * MILLI);
            assertThat(builder.nextPollNanos()).isLessThanOrEqualTo((i * 100 + 20) * MILLI);
            deltaAt((i * 100 + 20) * MILLI);
        }
    }

    @Test
    void underChurnOneDeltaLeavesASecond() {
        for (var i = 0L; i < 5; i++) {
            builder.addLiteral(i, i * 10 * MILLI);
            deltaAt((i * 10 + 20) * MILLI);
        }
        builder.addLiteral(5, 100 * MILLI);
        builder.addLiteral(6, 900 * MILLI);
        assertThat(builder.nextPollNanos()).isEqualTo(1_020 * MILLI);
        assertThat(builder.poll(1_019 * MILLI)).isEmpty();
        assertThat(deltaAt(1_020 * MILLI).addedLiterals().asList()).containsExactly(5L, 6L);
        builder.addLiteral(7, 1_030 * MILLI);
        assertThat(builder.nextPollNanos()).isEqualTo(2_020 * MILLI);
        deltaAt(2_020 * MILLI);
        builder.addLiteral(8, 9_000 * MILLI);
        assertThat(builder.nextPollNanos()).isLessThanOrEqualTo(9_020 * MILLI);
    }

    @Test
    void aBroaderFilterReplacesThoseItCoversAndTheyReturnInTheVersionItGoes() {
        add("a/b/+");
        add("a/+/c");
        add("x/#");
        deltaAt(20 * MILLI);
        add("a/#");
        var broad = deltaAt(2_000 * MILLI);
        assertThat(texts(broad.addedWildcards())).containsExactly("a/#");
        assertThat(texts(broad.removedWildcards())).containsExactlyInAnyOrder("a/b/+", "a/+/c");
        add("a/d/+");
        assertThat(builder.nextPollNanos()).as("covered: nothing to tell").isEqualTo(DigestBuilder.NEVER);
        builder.removeWildcard(TopicFilter.of("a/b/+"), 0);
        builder.removeWildcard(TopicFilter.of("a/#"), 0);
        var gone = deltaAt(4_000 * MILLI);
        assertThat(texts(gone.addedWildcards())).containsExactlyInAnyOrder("a/+/c", "a/d/+");
        assertThat(texts(gone.removedWildcards())).containsExactly("a/#");
    }

    @Test
    void beyondTheLimitTheLongestLiteralPrefixIsSummarised() {
        add("a/b/+");
        add("a/b/c/+");
        add("+/x");
        add("y/+/z");
        var delta = deltaAt(20 * MILLI);
        assertThat(texts(delta.addedWildcards())).containsExactly("a/b/+", "+/x", "y/+/z");
        assertThat(delta.addedOverflow().length()).isEqualTo(1);
    }

    @Test
    void filtersWithoutPrefixBeyondTheLimitAreRefused() {
        assertThat(add("+/a")).isEqualTo(DigestOutcome.CHANGED);
        assertThat(add("+/b")).isEqualTo(DigestOutcome.CHANGED);
        assertThat(add("+/c")).isEqualTo(DigestOutcome.CHANGED);
        assertThat(add("+/c")).isEqualTo(DigestOutcome.UNCHANGED);
        assertThat(add("+/d")).isEqualTo(DigestOutcome.REFUSED);
        assertThat(builder.removeWildcard(TopicFilter.of("+/d"), 0)).isEqualTo(DigestOutcome.UNCHANGED);
        builder.removeWildcard(TopicFilter.of("+/a"), 0);
        assertThat(add("+/d")).isEqualTo(DigestOutcome.CHANGED);
    }

    @Test
    void groupsAreCarriedExactlyAndBounded() {
        assertThat(builder.putGroup(group("g/a", true), 0)).isEqualTo(DigestOutcome.CHANGED);
        assertThat(builder.putGroup(group("g/a", true), 0)).isEqualTo(DigestOutcome.UNCHANGED);
        assertThat(builder.putGroup(group("h/a", true), 0)).isEqualTo(DigestOutcome.CHANGED);
        assertThat(builder.putGroup(group("i/a", true), 0)).isEqualTo(DigestOutcome.REFUSED);
        assertThat(builder.putGroup(group("h/a", false), 0)).isEqualTo(DigestOutcome.CHANGED);
        assertThat(builder.removeGroup(TopicFilter.of("$share/g/a"), 0)).isEqualTo(DigestOutcome.CHANGED);
        var delta = deltaAt(20 * MILLI);
        assertThat(delta.changedGroups()).containsExactly(group("h/a", false));
        assertThat(texts(delta.removedGroups())).containsExactly("$share/g/a");
    }

    @Test
    void whatDoesNotFitFollowsAtOnceAndRemovalsComeLast() {
        add("a/+");
        deltaAt(20 * MILLI);
        builder.removeWildcard(TopicFilter.of("a/+"), 0);
        for (var key = 0; key < 12; key++) {
            builder.addLiteral(key, 0);
        }
        var sizes = new ArrayList<Integer>();
        DigestDelta last;
        do {
            last = deltaAt(2_000 * MILLI);
            sizes.add(last.size());
        } while (builder.nextPollNanos() != DigestBuilder.NEVER);
        assertThat(sizes).containsExactly(5, 5, 3);
        assertThat(texts(last.removedWildcards())).containsExactly("a/+");
    }

    @Test
    void aFifthOfStaleLiteralsLeadsToANewGeneration() {
        var wide = builder(new DigestSettings(1_000, 25, 3, 2, 100_000, 1_000));
        var before = wide.position().generation();
        for (present = 0; present < 900; present++) {
            wide.addLiteral(present, 0);
        }
        drain(wide, 20 * MILLI);
        assertThat(wide.position().generation()).isEqualTo(before);
        for (; present < 6_000; present++) {
            wide.addLiteral(present, 2_000 * MILLI);
        }
        assertThat(drain(wide, 4_000 * MILLI)).as("it was full").isEqualTo(1);
        for (; present > 4_700; present--) {
            wide.removeLiteral();
        }
        assertThat(drain(wide, 6_000 * MILLI)).as("it was stale").isEqualTo(1);
        assertThat(wide.position().generation()).isEqualTo(before + 2);
        assertThat(wide.literalCount()).isEqualTo(4_700);
        assertThat(drain(wide, 8_000 * MILLI)).isZero();
    }

    @Test
    void aLiteralThatComesAndGoesDoesNotWearTheGeneration() {
        for (var round = 0; round < 100_000; round++) {
            builder.addLiteral(7, 0);
            builder.removeLiteral();
        }
        drain(builder, 20 * MILLI);
        assertThat(builder.position().generation()).isEqualTo(BOOT << 20);
    }

    @Test
    void refusesWhatIsNoPlainWildcard() {
        assertThatThrownBy(() -> add("a/b")).hasMessageContaining("no plain filter with wildcards");
        assertThatThrownBy(() -> add("$share/g/#")).hasMessageContaining("no plain filter with wildcards");
    }

    /** Polls until nothing is due and returns how many snapshots came. */
    private static int drain(DigestBuilder builder, long fromNanos) {
        var snapshots = 0;
        for (var now = fromNanos; builder.nextPollNanos() != DigestBuilder.NEVER || now == fromNanos; ) {
            for (var update = builder.poll(now); update.isPresent(); update = builder.poll(now)) {
                snapshots += update.get() instanceof DigestSnapshot ? 1 : 0;
            }
            now += MILLI;
        }
        return snapshots;
    }

    private DigestOutcome add(String filter) {
        return builder.addWildcard(TopicFilter.of(filter), 0);
    }

    private DigestDelta deltaAt(long nowNanos) {
        return (DigestDelta) builder.poll(nowNanos).orElseThrow();
    }

    private static DigestGroup group(String text, boolean online) {
        return new DigestGroup(TopicFilter.of("$share/" + text), online);
    }

    private static List<String> texts(List<TopicFilter> filters) {
        return filters.stream().map(TopicFilter::text).toList();
    }
}
