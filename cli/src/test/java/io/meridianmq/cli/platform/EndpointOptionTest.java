package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.cli.platform.PlatformState.Started;
import io.meridianmq.fabric.config.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class EndpointOptionTest {

    @TempDir
    private Path temporary = Path.of("");

    @Command
    private static final class Using {
        @Mixin
        private EndpointOption endpoints = new EndpointOption();
    }

    @Test
    void regionsOfTheRunningPlatformAreFoundInTheirOrder() {
        var self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        running(
                balancer("us-east", 1883, self),
                new Started("us-east/a/1", Kind.NODE, "us-east/a/1", 20_110, self, "/log", "http://a", "http://b", 0),
                balancer("eu-west", 2883, self));

        assertThat(endpoints())
                .containsExactly(
                        Map.entry("us-east", new HostPort("127.0.0.1", 1883)),
                        Map.entry("eu-west", new HostPort("127.0.0.1", 2883)));
    }

    @Test
    void givenOnesWin() {
        assertThat(endpoints("--endpoint", "b=broker:1", "--endpoint", "a=[::1]:2"))
                .containsExactly(Map.entry("b", new HostPort("broker", 1)), Map.entry("a", new HostPort("::1", 2)));
    }

    @Test
    void withoutAnyTheWayToAPlatformIsNamed() {
        running(balancer("us-east", 1883, new ProcessIdentity(17, 4711, "boot")));
        assertThatThrownBy(this::endpoints)
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("./meridian up")
                .hasMessageContaining("--endpoint");
    }

    @Test
    void whatIsNoAddressIsNamed() {
        assertThatThrownBy(() -> endpoints("--endpoint", "a=broker"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--endpoint a=broker");
    }

    private void running(Started... started) {
        new PlatformState(PlatformState.FORMAT, Shape.DEFAULT, null, true, List.of(started))
                .write(new DataFolder(temporary));
    }

    private static Started balancer(String region, int port, ProcessIdentity identity) {
        return new Started(
                "haproxy-" + region, Kind.HAPROXY, region, port, identity, "/log", "http://a", "http://b", 0);
    }

    private Map<String, HostPort> endpoints(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--data", temporary.toString()));
        return CommandLine.populateCommand(new Using(), line.toArray(String[]::new))
                .endpoints
                .endpoints();
    }
}
