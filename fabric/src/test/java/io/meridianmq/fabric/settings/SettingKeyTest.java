package io.meridianmq.fabric.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingKeyTest {

    @Test
    void anUnknownKeyIsRefusedWithAllThereAre() {
        assertThatThrownBy(() -> SettingKey.named("session.queue"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "there is no setting \"session.queue\" for the whole platform, there are cross-region,")
                .hasMessageContaining("session.queued-bytes-max");
    }

    @Test
    void aBadValueIsRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> SettingKey.named("cross-region").check("sometimes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cross-region: \"sometimes\" is not one of interest, listed; allowed: interest or listed");
        assertThatThrownBy(() -> SettingKey.named("session.in-flight-max").check("0"))
                .hasMessage("session.in-flight-max: \"0\" is not between 1 and 65535; allowed: 1 to 65535");
        assertThatThrownBy(() -> SettingKey.named("session.expiry-max").check("soon"))
                .hasMessageContaining("is not a duration")
                .hasMessageContaining("a duration such as 7d, or never");
    }

    @Test
    void valuesAreWrittenInOneForm() {
        assertThat(SettingKey.QUEUED_BYTES_MAX.check("2048 kb")).isEqualTo("2MB");
        assertThat(SettingKey.EXPIRY_MAX.check("24h")).isEqualTo("1d");
        assertThat(SettingKey.EXPIRY_MAX.check("never")).isEqualTo("never");
    }

    @Test
    void whatEachAllowsIsRead() {
        assertThat(SettingKey.ALL)
                .allSatisfy(key -> assertThat(SettingKey.named(key.name())).isSameAs(key));
        var settings = PlatformSettings.of(
                1, Map.of("session.expiry-max", "1d", "session.queued-bytes-max", "1MB"), List.of());
        assertThat(SettingKey.EXPIRY_MAX.in(settings)).contains(Optional.of(Duration.ofDays(1)));
        assertThat(SettingKey.QUEUED_BYTES_MAX.in(settings)).contains(1L << 20);
        assertThat(SettingKey.CONNECTIONS.in(settings)).isEmpty();
        assertThat(SettingKey.CROSS_REGION.name()).isEqualTo(CrossRegion.KEY);
    }
}
