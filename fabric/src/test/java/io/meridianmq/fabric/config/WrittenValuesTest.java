package io.meridianmq.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenValuesTest {

    @ParameterizedTest
    @CsvSource({
        "0,0B",
        "1,1B",
        "1000,1000B",
        "1KB,1KB",
        "2048,2KB",
        "64 kb,64KB",
        "1536MB,1536MB",
        "8388607TB,8388607TB"
    })
    void readsSizesAndWritesTheShortestForm(String text, String shortest) {
        assertThat(ByteSize.format(ByteSize.parse(text))).isEqualTo(shortest);
        assertThat(ByteSize.parse(shortest)).isEqualTo(ByteSize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KB", "-1", "1.5MB", "1PB", "8388608TB", "1234567890123456789"})
    void refusesWhatIsNotASize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "10ms,10ms", "1000ms,1s", "90s,90s", "3600s,1h", "24h,1d", "250us,250us", "36500d,36500d"})
    void readsDurationsAndWritesTheShortestForm(String text, String shortest) {
        assertThat(TimeSpan.format(TimeSpan.parse(text))).isEqualTo(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1s", "1.5s", "PT5S", "5 sec", "999999999999999d", "400000d"})
    void refusesWhatIsNotADuration(String text) {
        assertThatThrownBy(() -> TimeSpan.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void durationsKeepTheirUnit() {
        assertThat(TimeSpan.parse("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(TimeSpan.parse("10ms")).isEqualTo(Duration.ofMillis(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:0", "127.0.0.1:1883", "broker-1.example:65535", "[::1]:8883"})
    void readsAddressesAsTheyAreWritten(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1883", ":1883", "host", "host:", "host:65536", "::1:80", "a b:1", "http://a:1"})
    void refusesWhatIsNotAnAddress(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsLoopbackFromNamesThatOnlyLookLikeIt() {
        assertThat(HostPort.parse("127.0.0.9:1").isLoopback()).isTrue();
        assertThat(HostPort.parse("[::1]:1").isLoopback()).isTrue();
        assertThat(HostPort.parse("127.evil.example:1").isLoopback()).isFalse();
    }

    @Test
    void findsTheWordThatWasMeant() {
        assertThat(Nearest.to("advertize", List.of("bind", "advertise"))).contains("advertise");
        assertThat(Nearest.to("ibnd", List.of("bind", "advertise"))).contains("bind");
        assertThat(Nearest.to("broker", List.of("bind"))).isEmpty();
        assertThat(Nearest.edits("", "abc")).isEqualTo(3);
    }
}
