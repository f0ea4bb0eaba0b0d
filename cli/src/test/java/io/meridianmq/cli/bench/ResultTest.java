package io.meridianmq.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.meridianmq.cli.bench.account.LatencySpread;
import io.meridianmq.cli.bench.wire.ProtocolVersion;
import io.meridianmq.cli.bench.wire.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ResultTest {

    private static final LatencySpread LATENCY = new LatencySpread(9, 1, 2, 3.5, 4, 1_500);

    @Test
    void jsonHasWhatWasMeasuredAndNothingElse() {
        var json = JsonParser.parseString(ResultJson.of(result(OptionalDouble.of(0.75), List.of())))
                .getAsJsonObject();

        assertThat(json.get("scenario").getAsString()).isEqualTo("fan-in");
        assertThat(json.getAsJsonObject("parameters").get("warmUpSeconds").getAsDouble())
                .isEqualTo(1.5);
        assertThat(json.getAsJsonObject("parameters").get("mqtt").getAsString()).isEqualTo("5");
        assertThat(json.get("perSecond").getAsDouble()).isEqualTo(500);
        assertThat(json.getAsJsonObject("latency").get("p99Micros").getAsDouble())
                .isEqualTo(3.5);
        assertThat(json.get("brokerCpuMicrosPerDelivery").getAsDouble()).isEqualTo(0.75);
        assertThat(json.has("brokerRssMb")).isFalse();
        assertThat(json.getAsJsonObject("figures").get("things").getAsDouble()).isEqualTo(3);
        assertThat(json.getAsJsonArray("failures")).isEmpty();
    }

    @Test
    void textShowsFailures() {
        var result = result(OptionalDouble.empty(), List.of("7 messages were lost"));

        assertThat(result.isSound()).isFalse();
        assertThat(ResultText.of(result))
                .contains("fan-in: MQTT 5, QoS 1, 256 bytes, window 16")
                .contains("1,000 in 2.0 s: 500/s")
                .contains("max 1.5 ms")
                .contains("FAILED: 7 messages were lost")
                .doesNotContain("broker's processor time");
    }

    private static Result result(OptionalDouble brokerCpu, List<String> failures) {
        return new Result(
                parameters(),
                1_000,
                1_000,
                0,
                0,
                0,
                LATENCY,
                brokerCpu,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                2,
                Map.of("things", 3.0),
                failures);
    }

    private static Parameters parameters() {
        var broker = InetSocketAddress.createUnresolved("broker", 1_883);
        return new Parameters(
                Scenario.FAN_IN,
                broker,
                broker,
                Transport.PLAIN,
                ProtocolVersion.V5,
                1,
                256,
                50,
                1,
                16,
                0,
                0,
                1,
                1,
                0,
                false,
                Duration.ofMillis(1_500),
                Duration.ofSeconds(2),
                1,
                OptionalLong.empty(),
                1,
                "test");
    }
}
