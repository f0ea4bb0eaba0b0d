package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class AdminOptionTest {

    @TempDir
    private Path temporary = Path.of("");

    @Command
    private static final class Asking {
        @Mixin
        private AdminOption admin = new AdminOption();
    }

    @Test
    void theGivenAddressWins() {
        running(21_003);
        assertThat(address("--admin", "control.example:7000")).isEqualTo("control.example:7000");
    }

    @Test
    void theLocalPlatformIsFoundByItsDataFolder() {
        running(21_003);
        assertThat(address()).isEqualTo("127.0.0.1:21003");
    }

    @Test
    void withoutALocalPlatformItsUsualPortIsAsked() {
        assertThat(address()).isEqualTo("127.0.0.1:20003");
    }

    private void running(int port) {
        var identity = new ProcessIdentity(17, 4711, "boot");
        var control =
                new Started("global", Kind.GLOBAL_CONTROL, "global", port, identity, "/log", "http://a", "http://b");
        new PlatformState(PlatformState.FORMAT, Shape.DEFAULT, null, List.of(control)).write(new DataFolder(temporary));
    }

    private String address(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--data", temporary.toString()));
        return CommandLine.populateCommand(new Asking(), line.toArray(String[]::new))
                .admin
                .address()
                .toString();
    }
}
