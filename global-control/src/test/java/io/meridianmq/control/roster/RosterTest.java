package io.meridianmq.control.roster;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RosterTest {

    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FakePlatform platform = FakePlatform.of(1, 1, 2);

    @Test
    void knowsEverybodyAtOnceAndLooksAgainAndAgain() throws InterruptedException {
        try (var roster = Roster.start(platform, InstantSource.system(), SOON)) {
            var first = roster.latest();
            assertThat(first.byPlace()).hasSize(5);

            var second = roster.after(first, PATIENCE);
            assertThat(second.number()).isGreaterThan(first.number());
            assertThat(roster.after(second, PATIENCE).number()).isGreaterThan(second.number());
        }
    }

    @Test
    void whoWaitsForALookDoesNotWaitForEver() throws InterruptedException {
        try (var roster = Roster.start(platform, InstantSource.system(), Duration.ofHours(1))) {
            var seen = roster.latest();

            assertThat(roster.after(seen, SOON)).isSameAs(seen);
        }
    }

    @Test
    void aLookThatFailsIsNotTheLast() throws InterruptedException {
        var fails = new AtomicBoolean();
        var failed = new AtomicBoolean();
        try (var roster = Roster.start(
                () -> {
                    if (fails.get()) {
                        failed.set(true);
                        fails.set(false);
                        throw new IllegalStateException("the mesh is away for a moment");
                    }
                    return failed.get() ? Collections.emptySortedMap() : platform.get();
                },
                InstantSource.system(),
                SOON)) {
            var before = roster.latest();
            fails.set(true);

            var after = before;
            for (var look = 0; look < 1_000 && stateOfNode(after) != Sighting.State.LOST; look++) {
                after = roster.after(after, PATIENCE);
            }
            assertThat(stateOfNode(after)).isEqualTo(Sighting.State.LOST);
        }
    }

    private static Sighting.State stateOfNode(Sightings sightings) {
        return sightings
                .byPlace()
                .getOrDefault(
                        Place.parse("us-east/a/1"),
                        sightings.byPlace().firstEntry().getValue())
                .state();
    }
}
