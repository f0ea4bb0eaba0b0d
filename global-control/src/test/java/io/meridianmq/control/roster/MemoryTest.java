package io.meridianmq.control.roster;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.control.roster.Sighting.State;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.mesh.LiveFigures;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private static final Place NODE = Place.parse("us-east/a/1");
    private static final long BEGIN_MILLIS = 1_795_348_800_000L;

    private final Memory memory = new Memory();

    @Test
    void whoReportedLatelyIsLiveAndWhoDidNotIsSilent() {
        var known = known(reported(NODE, 1));

        assertThat(look(known, 4).state()).isEqualTo(State.LIVE);
        assertThat(look(known, 4.1).state()).isEqualTo(State.SILENT);
        assertThat(look(known, 8).seenMillis()).isEqualTo(millis(1));
    }

    @Test
    void whoIsListedAndHasNotReportedIsSilent() {
        var seen = look(known(new KnownComponent(member(NODE, 1), Optional.empty())), 5);

        assertThat(seen.state()).isEqualTo(State.SILENT);
        assertThat(seen.seenMillis()).isEqualTo(millis(5));
    }

    @Test
    void whoIsGoneIsLostWithWhatItSaidLast() {
        look(known(reported(NODE, 1)), 2);

        var lost = look(known(), 9);

        assertThat(lost.state()).isEqualTo(State.LOST);
        assertThat(lost.seenMillis()).isEqualTo(millis(1));
        assertThat(lost.live()).isPresent();
    }

    @Test
    void whoComesBackIsNoLongerLost() {
        look(known(reported(NODE, 1)), 2);
        look(known(), 9);

        assertThat(look(known(reported(NODE, 20)), 20).state()).isEqualTo(State.LIVE);
    }

    @Test
    void whoIsLostForLongIsForgotten() {
        look(known(reported(NODE, 1)), 2);
        var forgottenAfter = 1 + Memory.LOST_FOR_MAX.toMillis() / 1e3;

        assertThat(all(known(), forgottenAfter - 1).byPlace()).containsKey(NODE);
        assertThat(all(known(), forgottenAfter).byPlace()).isEmpty();
    }

    @Test
    void ofTooManyThatAreLostThoseSeenLastAreRemembered() {
        var many = IntStream.range(0, Memory.LOST_MAX + 10)
                .mapToObj(number -> reported(Place.node("us-east", "a", "n" + number), number < 10 ? 1 : 2))
                .collect(Collectors.toMap(known -> known.member().place(), known -> known, (a, _) -> a, TreeMap::new));
        all(many, 3);

        var lost = all(known(), 4).byPlace();

        assertThat(lost).hasSize(Memory.LOST_MAX);
        assertThat(lost).doesNotContainKey(Place.node("us-east", "a", "n9"));
        assertThat(lost).containsKey(Place.node("us-east", "a", "n10"));
    }

    @Test
    void eachLookHasAGreaterNumber() {
        assertThat(all(known(), 1).number()).isLessThan(all(known(), 2).number());
    }

    private Sightings all(SortedMap<Place, KnownComponent> known, double atSeconds) {
        return memory.look(known, (long) (atSeconds * 1e9), millis(atSeconds));
    }

    private Sighting look(SortedMap<Place, KnownComponent> known, double atSeconds) {
        return Objects.requireNonNull(all(known, atSeconds).byPlace().get(NODE));
    }

    private static SortedMap<Place, KnownComponent> known(KnownComponent... components) {
        var known = new TreeMap<Place, KnownComponent>();
        List.of(components).forEach(component -> known.put(component.member().place(), component));
        return known;
    }

    private static KnownComponent reported(Place place, double atSeconds) {
        var live = new LiveFigures((long) (atSeconds * 1e9), 0, Map.of(), Map.of(), List.of());
        return new KnownComponent(member(place, 1), Optional.of(live));
    }

    private static Member member(Place place, long boot) {
        return new Member(place, boot, "127.0.0.1:7000", "", "127.0.0.1:9000");
    }

    private static long millis(double seconds) {
        return BEGIN_MILLIS + (long) (seconds * 1e3);
    }
}
