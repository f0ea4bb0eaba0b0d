package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.cli.platform.PlatformState.Started;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
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
        assertThat(address("--admin", "[::1]:7000")).isEqualTo("[::1]:7000");
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

    @Test
    void theOperatorOfTheLocalPlatformAsksIt() {
        running(21_003);
        makeCertificates();
        assertThat(asked()).hasValue(new Identity.Operator("local"));
        assertThat(asked("--admin", "localhost:21003")).hasValue(new Identity.Operator("local"));
        assertThat(asked("--admin", "127.0.0.1:7000")).isEmpty();
    }

    @Test
    void filesThatAreGivenWin() {
        running(21_003);
        makeCertificates();
        var folder = new DataFolder(temporary);
        var node = temporary.resolve("tls/place");
        assertThat(asked(
                        "--admin",
                        "control.example:7000",
                        "--certificate",
                        node.resolve("global.pem").toString(),
                        "--key",
                        node.resolve("global.key").toString(),
                        "--authority",
                        folder.authority().toString()))
                .hasValue(new Identity.Component(Place.GLOBAL));
    }

    @Test
    void oneFileAloneIsWrongUsage() {
        assertThatThrownBy(() -> asked("--certificate", "operator.pem"))
                .isInstanceOf(MissingParameterException.class)
                .hasMessageContaining("--key");
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> asked("--certificate", "/no.pem", "--key", "/no.key", "--authority", "/no.pem"))
                .isInstanceOf(PlatformException.class)
                .hasMessage("--certificate is /no.pem, and there is no such file");
    }

    @Test
    void anotherMachineIsAskedWithACertificateOnly() {
        assertThatThrownBy(() -> asked("--admin", "control.example:7000"))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("give --certificate, --key and --authority");
    }

    private void makeCertificates() {
        var layout = Layout.of(Shape.DEFAULT, RunningEtcd.NONE, Duration.ZERO);
        new Certificates(new DataFolder(temporary), Instant.now()).make(layout);
    }

    private Optional<Identity> asked(String... arguments) {
        return endpoint(arguments).credentials().map(Credentials::identity);
    }

    private void running(int port) {
        var identity = new ProcessIdentity(17, 4711, "boot");
        var control =
                new Started("global", Kind.GLOBAL_CONTROL, "global", port, identity, "/log", "http://a", "http://b", 0);
        new PlatformState(PlatformState.FORMAT, Shape.DEFAULT, null, true, List.of(control))
                .write(new DataFolder(temporary));
    }

    private String address(String... arguments) {
        return endpoint(arguments).address().toString();
    }

    private AdminEndpoint endpoint(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--data", temporary.toString()));
        return CommandLine.populateCommand(new Asking(), line.toArray(String[]::new))
                .admin
                .endpoint();
    }
}
