package io.meridianmq.core.place;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighbourhoodTest {

    private static final List<Place> PLACES = Stream.of(
                    "global", "us", "us/a", "us/a/1", "us/a/2", "us/b", "us/b/1", "eu", "eu/a", "eu/a/1")
            .map(Place::parse)
            .toList();

    @ParameterizedTest
    @CsvSource({
        "us/a/1, us/a/2, true",
        "us/a/1, us/b/1, false",
        "us/a/1, us/a, true",
        "us/a/1, us/b, false",
        "us/a/1, us, false",
        "us/a, us/b, true",
        "us/a, eu/a, false",
        "us/a, us, true",
        "us/a, global, false",
        "us, eu, true",
        "us, global, true",
        "global, global, false",
        "us, us, false",
    })
    void connectsParentsWithChildrenAndSiblings(String a, String b, boolean adjacent) {
        assertThat(Neighbourhood.adjacent(Place.parse(a), Place.parse(b))).isEqualTo(adjacent);
    }

    @Test
    void isSymmetricAndExactlyOneEndDials() {
        for (Place a : PLACES) {
            for (Place b : PLACES) {
                assertThat(Neighbourhood.adjacent(a, b)).isEqualTo(Neighbourhood.adjacent(b, a));
                assertThat(Neighbourhood.dials(a, b) ^ Neighbourhood.dials(b, a))
                        .isEqualTo(!a.equals(b));
            }
        }
    }

    @Test
    void childrenDialTheirParents() {
        assertThat(Neighbourhood.dials(Place.parse("us/a/1"), Place.parse("us/a")))
                .isTrue();
        assertThat(Neighbourhood.dials(Place.parse("us/a"), Place.parse("us"))).isTrue();
        assertThat(Neighbourhood.dials(Place.parse("us"), Place.GLOBAL)).isTrue();
    }

    @Test
    void picksTheNeighboursFromAView() {
        var view = MembershipView.of(
                1,
                PLACES.stream().map(place -> new Member(place, 1, "", "", "")).toList());
        assertThat(Neighbourhood.of(Place.parse("us/a"), view))
                .extracting(Place::toString)
                .containsExactly("us", "us/a/1", "us/a/2", "us/b");
    }
}
