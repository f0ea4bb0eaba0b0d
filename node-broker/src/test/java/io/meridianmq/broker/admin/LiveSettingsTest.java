package io.meridianmq.broker.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.access.WithoutPassword;
import io.meridianmq.broker.front.ClientLimits;
import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.front.ProtocolSettings;
import io.meridianmq.broker.mesh.Visibility;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.settings.PlatformSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveSettingsTest {

    private static final LiveSettings.Values OWN = new LiveSettings.Values(
            Visibility.ZONE,
            new SessionLimits(10, 20, 30, 40, 50),
            new ConnectionSettings(
                    60,
                    70,
                    80,
                    Duration.ofSeconds(90),
                    WithoutPassword.DEFAULT,
                    "elsewhere:1883",
                    ClientLimits.DEFAULT,
                    ProtocolSettings.DEFAULT),
            100);

    private final LiveSettings live = new LiveSettings(OWN);

    @Test
    void withoutSettingsTheNodeGoesByItsOwnConfiguration() {
        assertGoesByItsOwn();
        live.follow(PlatformSettings.NONE.at(1));
        assertGoesByItsOwn();
    }

    @Test
    void theSettingsOfThePlatformGoFirstForAsLongAsTheyAreSet() {
        follow(Map.ofEntries(
                Map.entry("subscribe.visibility", "local"),
                Map.entry("session.in-flight-max", "11"),
                Map.entry("session.queued-messages-max", "21"),
                Map.entry("session.queued-bytes-max", "2MB"),
                Map.entry("session.subscriptions-max", "41"),
                Map.entry("session.expiry-max", "1m"),
                Map.entry("connection.maximum-packet-size", "4KB"),
                Map.entry("limits.connections", "7")));

        assertThat(live.visibility()).isEqualTo(Visibility.LOCAL);
        assertThat(live.session()).isEqualTo(new SessionLimits(11, 21, 2 << 20, 41, 60));
        assertThat(live.connection())
                .isEqualTo(new ConnectionSettings(
                        4096,
                        70,
                        80,
                        Duration.ofSeconds(90),
                        WithoutPassword.DEFAULT,
                        "elsewhere:1883",
                        ClientLimits.DEFAULT,
                        ProtocolSettings.DEFAULT));
        assertThat(live.connections()).isEqualTo(7);

        follow(Map.of("limits.connections", "7"));
        assertThat(live.connections()).isEqualTo(7);
        assertThat(live.session()).isEqualTo(OWN.session());

        follow(Map.of());
        assertGoesByItsOwn();
    }

    @Test
    void neverIsAnExpiryToo() {
        follow(Map.of("session.expiry-max", "never"));
        assertThat(live.session().sessionExpirySecondsMax()).isEqualTo(Session.NEVER_EXPIRES);
    }

    @Test
    void whatThisVersionCannotReadIsAsTheNodesConfigurationSays() {
        follow(Map.of("session.in-flight-max", "adaptive", "limits.connections", "7", "of.a-later-version", "1"));
        assertThat(live.session()).isEqualTo(OWN.session());
        assertThat(live.connections()).isEqualTo(7);
    }

    private void follow(Map<String, String> values) {
        live.follow(PlatformSettings.of(1, values, List.of()));
    }

    private void assertGoesByItsOwn() {
        assertThat(new LiveSettings.Values(live.visibility(), live.session(), live.connection(), live.connections()))
                .isEqualTo(OWN);
    }
}
