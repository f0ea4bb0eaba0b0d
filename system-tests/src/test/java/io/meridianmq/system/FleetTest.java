package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A small fleet through the load balancers of both regions. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class FleetTest {

    private static final int MESSAGES = 2_000;

    private final LocalPlatform platform;

    FleetTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @Test
    void smallFleetLosesNothing() throws IOException, InterruptedException {
        var ended = platform.meridian(
                "fleet", "--devices", "200", "--rate", "200", "--duration", "10s", "--qos", "50/40/10", "--json");

        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
        var account = JsonParser.parseString(ended.output().lines().toList().getLast())
                .getAsJsonObject();
        assertThat(account.get("whole").getAsBoolean()).isTrue();
        assertThat(sum(account.getAsJsonObject("published"), "sent")).isEqualTo(MESSAGES);
        for (var region : platform.regions()) {
            var watcher = account.getAsJsonObject("watchers").getAsJsonObject(region);
            assertThat(sum(watcher, "received")).as(region).isEqualTo(MESSAGES);
            assertThat(sum(watcher, "outOfOrder")).as(region).isZero();
        }
        assertThat(account.getAsJsonObject("commands").get("answered").getAsInt())
                .isEqualTo(100);
        for (var way : new String[] {"inRegion", "acrossRegions"}) {
            var spread = account.getAsJsonObject(way);
            Figures.add(
                    "fleet of 200 devices, 200 messages/s, " + way,
                    "p50 %.1f ms, p99 %.1f ms, max %.1f ms"
                            .formatted(
                                    spread.get("p50Millis").getAsDouble(),
                                    spread.get("p99Millis").getAsDouble(),
                                    spread.get("maxMillis").getAsDouble()));
        }
    }

    /** Over every QoS. */
    private static int sum(JsonObject byQos, String figure) {
        var sum = 0;
        for (var qos = 0; qos <= 2; qos++) {
            sum += byQos.getAsJsonObject("qos" + qos).get(figure).getAsInt();
        }
        return sum;
    }
}
