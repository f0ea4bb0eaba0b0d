package io.meridianmq.core.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {

    @ParameterizedTest
    @ValueSource(strings = {"global", "us-east", "us-east/a", "us-east/a/1"})
    void readsWhatItWrites(String text) {
        assertThat(Place.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "us-east/", "us-east//1", "US", "-a", "a-", "a/b/c/d", "global/a", "a b"})
    void refusesWhatIsNotAPlace(String text) {
        assertThatThrownBy(() -> Place.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void containsItselfAndWhatIsInside() {
        var zone = Place.zone("us-east", "a");
        assertThat(zone.contains(zone)).isTrue();
        assertThat(zone.contains(Place.node("us-east", "a", "1"))).isTrue();
        assertThat(Place.GLOBAL.contains(zone)).isTrue();
        assertThat(zone.contains(Place.region("us-east"))).isFalse();
        assertThat(zone.contains(Place.node("us-east", "b", "1"))).isFalse();
    }

    @Test
    void walksUpToTheWholePlatform() {
        var node = Place.node("us-east", "a", "1");
        assertThat(node.parent()).contains(Place.zone("us-east", "a"));
        assertThat(node.inRegion()).isEqualTo(Place.region("us-east"));
        assertThat(Place.GLOBAL.parent()).isEmpty();
    }
}
