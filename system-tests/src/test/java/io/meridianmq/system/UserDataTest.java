package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meridianmq.system.CommandLine.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The user data of a broker's machine runs, with the packaged distribution in its archive. Its absolute paths lead below a
 * folder, and programs that would change the machine only note how they were called.
 */
@Tag("server")
class UserDataTest {

    private static final Path TEMPLATE =
            Path.of("../terraform/user-data/broker.sh.tftpl").toAbsolutePath().normalize();

    private static final int CONNECTIONS = 1_000;
    private static final String DROP_IN = "etc/systemd/system/meridian-broker.service.d/limits.conf";
    private static final String UNIT = "etc/systemd/system/meridian-broker.service";

    /** Variables and directives of Terraform, and those that are escaped. */
    private static final Pattern TERRAFORM = Pattern.compile("(\\$+|%+)\\{([^}]*)}");

    private static final Pattern ABSOLUTE_PATH = Pattern.compile("(?<![\\w./])/(?=(?:etc|opt|sys|var)/)");

    @TempDir
    private static Path root = Path.of("");

    private static Ended ended = new Ended(-1, "", "");

    @BeforeAll
    static void runItBelowTheFolder() throws IOException, InterruptedException {
        var archive = root.resolve("meridian.tar.gz");
        var target = CommandLine.program().resolve("../../..").normalize();
        successOf(List.of("tar", "czf", archive.toString(), "--directory", target.toString(), "meridian"));
        var script = root.resolve("user-data");
        Files.writeString(
                script,
                ABSOLUTE_PATH
                        .matcher(rendered(archive.toUri().toString()))
                        .replaceAll(Matcher.quoteReplacement(root + "/")));
        // Folders of any Debian.
        for (var folder : List.of("etc/sysctl.d", "etc/tmpfiles.d", "etc/systemd/system")) {
            Files.createDirectories(root.resolve(folder));
        }
        for (var program : List.of("sysctl", "swapoff", "systemd-tmpfiles", "useradd")) {
            program(program, "");
        }
        program("systemctl", "if [ $1 = show ]; then sed -n s/^LimitNOFILE=//p " + root.resolve(DROP_IN) + "; fi");
        // As little as cloud-init gives it: not even a home folder.
        ended = CommandLine.run(List.of(
                "env",
                "-i",
                "PATH=" + root.resolve("programs") + ":/usr/bin:/bin",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "bash",
                script.toString()));
    }

    @Test
    void endsAsDoctorDoesWithTheLimitOfTheService() {
        assertThat(ended.output())
                .as(ended.errors())
                .contains("For 1,000 connections:")
                .containsPattern("ok +open files \\(ulimit -n\\) +11100 +at least 11100");
        var isEnough = ended.output().contains("\n0 of ");
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(isEnough ? 0 : 1);
        assertThat(ended.errors()).isEmpty();
    }

    @Test
    void writesWhatDoctorPrints() throws IOException, InterruptedException {
        assertThat(root.resolve("etc/sysctl.d/60-meridian.conf")).content().isEqualTo(printed("--sysctl"));
        assertThat(root.resolve(DROP_IN)).content().isEqualTo(printed("--systemd"));
    }

    @Test
    void tunesTheMachineBeforeTheBrokerStarts() throws IOException {
        assertThat(Files.readAllLines(root.resolve("called")))
                .containsExactly(
                        "useradd --system --home-dir " + root + "/var/lib/meridian --shell /usr/sbin/nologin meridian",
                        "sysctl --system",
                        "swapoff -a",
                        "systemctl mask swap.target",
                        "systemd-tmpfiles --create " + root + "/etc/tmpfiles.d/meridian.conf",
                        "systemctl daemon-reload",
                        "systemctl enable --now meridian-broker",
                        "systemctl show --property=LimitNOFILE --value meridian-broker");
    }

    @Test
    void theBrokerTakesItsFileAndTheFlagsOfTheDropIn() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("env", flags()));
        command.addAll(List.of(setting(UNIT, "ExecStart").split(" ")));
        command.add("--check-config");

        assertThat(successOf(command))
                .contains("\nlimits.connections = " + CONNECTIONS + " (", "\ndata = " + root + "/var/lib/meridian (");
    }

    @Test
    void doctorTakesTheFileBeforeTheBrokerStarts() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("env", flags()));
        command.addAll(List.of(setting(UNIT, "ExecStartPre").substring(1).split(" ")));

        var doctor = CommandLine.run(command);
        assertThat(doctor.output()).as(doctor.errors()).contains("For 1,000 connections:");
        assertThat(setting(UNIT, "ExecStartPre")).startsWith("-");
    }

    @Test
    void systemdUnderstandsTheServiceAndItsDropIn() throws IOException, InterruptedException {
        assumeTrue(CommandLine.isInstalled("systemd-analyze"), "systemd-analyze is not installed");
        var verified = CommandLine.run(
                List.of("systemd-analyze", "verify", root.resolve(UNIT).toString()));
        assertThat(verified.exitCode()).as(verified.errors()).isZero();
        assertThat(verified.output() + verified.errors()).doesNotContain("meridian-broker");
    }

    @Test
    void systemdUnderstandsWhereHugePagesAreSet() throws IOException, InterruptedException {
        assumeTrue(CommandLine.isInstalled("systemd-tmpfiles"), "systemd-tmpfiles is not installed");
        var pages = root.resolve("sys/kernel/mm/transparent_hugepage/enabled");
        Files.createDirectories(pages.getParent());
        Files.writeString(pages, "always");

        successOf(List.of("systemd-tmpfiles", "--create", root + "/etc/tmpfiles.d/meridian.conf"));

        assertThat(pages).content().isEqualTo("madvise");
    }

    @Test
    void terraformRendersTheSame() throws IOException, InterruptedException {
        assumeTrue(CommandLine.isInstalled("terraform"), "terraform is not installed");
        var url = "https://example.com/meridian.tar.gz";
        var expression = "base64encode(templatefile(\"%s\", {connections = %d, archive_url = \"%s\"}))"
                .formatted(TEMPLATE, CONNECTIONS, url);

        var printed = successOf(List.of(
                "env",
                "-C",
                root.toString(),
                "CHECKPOINT_DISABLE=1",
                "sh",
                "-c",
                "echo '" + expression + "' | terraform console"));

        var text = printed.substring(printed.indexOf('"') + 1, printed.lastIndexOf('"'));
        assertThat(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8))
                .isEqualTo(rendered(url));
    }

    /** What Terraform makes of the template, which has variables only. */
    private static String rendered(String archiveUrl) throws IOException {
        var values = Map.of("connections", String.valueOf(CONNECTIONS), "archive_url", archiveUrl);
        return TERRAFORM
                .matcher(Files.readString(TEMPLATE))
                .replaceAll((MatchResult found) -> Matcher.quoteReplacement(
                        Optional.ofNullable(found.group(1).equals("$") ? values.get(found.group(2)) : null)
                                .orElseThrow(() -> new AssertionError("not a variable: " + found.group()))));
    }

    /** A program that is found before the machine's, and notes how it was called. */
    private static void program(String name, String script) throws IOException {
        var file = Files.createDirectories(root.resolve("programs")).resolve(name);
        Files.writeString(file, "#!/bin/sh\necho " + name + " \"$@\" >>" + root + "/called\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static String printed(String option) throws IOException, InterruptedException {
        return successOf(
                List.of(CommandLine.program().toString(), "doctor", option, "--connections", "" + CONNECTIONS));
    }

    private static String successOf(List<String> command) throws IOException, InterruptedException {
        var outcome = CommandLine.run(command);
        assertThat(outcome.exitCode()).as(command + ":\n" + outcome.errors()).isZero();
        return outcome.output();
    }

    private static String flags() throws IOException {
        return setting(DROP_IN, "Environment").replace("\"", "");
    }

    private static String setting(String file, String key) throws IOException {
        return Files.readAllLines(root.resolve(file)).stream()
                .filter(line -> line.startsWith(key + "="))
                .findFirst()
                .orElseThrow()
                .substring(key.length() + 1);
    }
}
