package io.meridianmq.fabric.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meridian://place/global",
                "meridian://place/us-east",
                "meridian://place/us-east/a",
                "meridian://place/us-east/a/1",
                "meridian://operator/alice.b_c-d"
            })
    void isReadAsItIsWritten(String uri) {
        assertThat(Identity.parse(uri).uri()).hasToString(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "us-east",
                "spiffe://place/us-east",
                "meridian://place/",
                "meridian://place/us-east/",
                "meridian://place/US",
                "meridian://place/us-east/a/1/x",
                "meridian://operator/",
                "meridian://operator/a/b",
                "meridian://node/us-east"
            })
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> Identity.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isInTheCertificate() {
        var now = Instant.parse("2030-05-01T12:00:00Z");
        var identity = new Identity.Component(Place.parse("us-east/a/1"));
        var credentials = Authority.create(now, Duration.ofDays(1)).issue(identity, now, Duration.ofDays(1));
        assertThat(Identity.of(credentials.certificate())).contains(identity);
    }
}
