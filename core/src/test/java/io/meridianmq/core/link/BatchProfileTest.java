package io.meridianmq.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Place;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchProfileTest {

    @ParameterizedTest
    @CsvSource({
        "us/a/1, us/a/2, 0, false",
        "us/a/1, us/a, 0, false",
        "us/a, us/b, 1000000, false",
        "us/a, us, 1000000, false",
        "us, eu, 5000000, true",
        "us, global, 5000000, true",
    })
    void followsTheSmallestPlaceThatHoldsBothEnds(String a, String b, long delayNanos, boolean compressed) {
        var profile = BatchProfile.between(Place.parse(a), Place.parse(b));
        assertThat(profile).isEqualTo(BatchProfile.between(Place.parse(b), Place.parse(a)));
        assertThat(profile.delayNanos()).isEqualTo(delayNanos);
        assertThat(profile.compressed()).isEqualTo(compressed);
    }
}
