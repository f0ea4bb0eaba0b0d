package io.meridianmq.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryTest {

    private static final long MICROS = 1_767_225_600_123_456L;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void readingsAreJsonOfAHundredToThreeHundredBytesWithinTheirLimits(int device) {
        var kind = Kind.of(device);
        var telemetry = new Telemetry("us-east-00001", kind, new Random(device));
        for (var number = 0L; number < 5_000; number++) {
            var payload = telemetry.next(1, number, MICROS);
            assertThat(payload).hasSizeBetween(100, 300);
            var json = JsonParser.parseString(new String(payload, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            assertThat(json.get("device").getAsString()).isEqualTo("us-east-00001");
            assertThat(json.get("number").getAsLong()).isEqualTo(number);
            for (var quantity : kind.quantities()) {
                assertThat(json.get(quantity.name()).getAsDouble())
                        .as(quantity.name())
                        .isBetween(quantity.min() - 0.5, quantity.max() + 0.5);
            }
        }
    }

    @Test
    void headIsReadBack() {
        var payload = new Telemetry("a-1", Kind.of(1), new Random(1)).next(2, 123_456_789_012L, MICROS);
        assertThat(Telemetry.headOf(Unpooled.wrappedBuffer(payload)))
                .isEqualTo(new Telemetry.Head(2, 123_456_789_012L, MICROS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"qos\":7,\"number\":1,\"micros\":1}",
                "{\"qos\":1,\"number\":,\"micros\":1}",
                "{\"qos\":1,\"micros\":1}",
                "{\"qos\":1,\"number\":1,\"micros\":"
            })
    void whatIsNoReadingHasNoHead(String payload) {
        assertThat(Telemetry.headOf(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8)))
                .isEqualTo(Telemetry.Head.NONE);
    }

    @Test
    void decimalsAreWrittenAsTheyAreRead() {
        assertThat(decimal(21.5, 2)).isEqualTo("21.50");
        assertThat(decimal(-0.049, 2)).isEqualTo("-0.05");
        assertThat(decimal(0.001, 3)).isEqualTo("0.001");
        assertThat(decimal(359.6, 0)).isEqualTo("360");
    }

    private static String decimal(double value, int decimals) {
        var json = new StringBuilder();
        Telemetry.appendDecimal(json, value, decimals);
        return json.toString();
    }
}
