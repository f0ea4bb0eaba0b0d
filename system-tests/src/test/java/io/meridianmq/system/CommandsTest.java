package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.system.LocalPlatform.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at a running platform, and what they say when something is wrong. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class CommandsTest {

    private final LocalPlatform platform;

    CommandsTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @Test
    void statusListsEveryProcessAsUp() throws IOException, InterruptedException {
        assertThat(platform.members())
                .hasSize(20)
                .allSatisfy(
                        member -> assertThat(member.state()).as(member.name()).isEqualTo("up"))
                .allSatisfy(member -> assertThat(member.log()).exists())
                .allMatch(Member::isAlive);
    }

    @Test
    void explainNamesTheHopsToTheOtherRegion() throws IOException, InterruptedException {
        try (var subscriber = platform.connect("eu-west/b/1");
                var publisher = platform.connect("us-east/a/1")) {
            subscriber.subscribe("explained/+/temp", MqttQos.AT_LEAST_ONCE);
            Device.awaitEffective(List.of(subscriber), List.of(publisher));

            var ended = platform.meridian("explain", "explained/7/temp", "--from", "us-east/a/1");

            assertThat(ended.exitCode()).as(ended.errors()).isZero();
            assertThat(ended.output()).contains("us-east/a/1", "us-east/a", "eu-west", "eu-west/b", "eu-west/b/1");
        }
    }

    @Test
    void explainIsJsonWhenAsked() throws IOException, InterruptedException {
        var ended = platform.meridian("explain", "nobody/wants/this", "--from", "us-east/a/1", "--json");

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(JsonParser.parseString(ended.output()).isJsonObject()).isTrue();
    }

    @Test
    void explainFromAnUnknownPlaceSaysSo() throws IOException, InterruptedException {
        var ended = platform.meridian("explain", "a/b", "--from", "us-east/a/7");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).contains("us-east/a/7");
    }

    @Test
    void topologyHasEveryNode() throws IOException, InterruptedException {
        var ended = platform.meridian("topology");

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.output()).contains("us-east", "eu-west");
        assertThat(JsonParser.parseString(
                                platform.meridian("topology", "--json").output())
                        .isJsonObject())
                .isTrue();
    }

    @Test
    void upOnOccupiedPortsNamesThePortAndLeavesTheRunningPlatformAlone(@TempDir Path other)
            throws IOException, InterruptedException {
        var ended = CommandLine.meridian(List.of(
                "up",
                "--detach",
                "--data",
                other.toString(),
                "--base-port",
                String.valueOf(platform.basePort()),
                "--client-port",
                String.valueOf(platform.clientPort())));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).contains(String.valueOf(platform.basePort()));
        assertThat(platform.members())
                .allSatisfy(
                        member -> assertThat(member.state()).as(member.name()).isEqualTo("up"));
    }

    @Test
    void secondUpOnTheSameDataSaysThatItRunsAlready() throws IOException, InterruptedException {
        var ended = platform.meridian("up", "--detach");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).contains("a platform is running");
    }
}
