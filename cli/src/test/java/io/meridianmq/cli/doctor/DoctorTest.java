package io.meridianmq.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meridianmq.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {

    private static final Sizing MILLION = new Sizing(1_000_000);

    @TempDir
    private Path root = Path.of(".");

    @Test
    void findsWhatIsBelowAndSaysHowToSetIt() throws IOException {
        put("/proc/self/limits", "Max open files            1024                 4096                 files");
        put("/proc/sys/net/core/somaxconn", "128");
        put("/proc/sys/net/ipv4/tcp_mem", "10\t20\t2000000");

        assertThat(check("open files (ulimit -n)"))
                .isEqualTo(new Check(
                        "open files (ulimit -n)",
                        "1024",
                        "at least 1110000",
                        Check.Verdict.BELOW,
                        "LimitNOFILE=1110000 in the systemd unit, or ulimit -n 1110000"));
        assertThat(check("net.core.somaxconn").how()).isEqualTo("sysctl -w net.core.somaxconn=\"4096\"");
        assertThat(check("net.core.somaxconn").isBelow()).isTrue();
        assertThat(check("net.ipv4.tcp_mem").verdict()).isEqualTo(Check.Verdict.ENOUGH);
        assertThat(TuningText.table(List.of(check("net.core.somaxconn"))))
                .contains("BELOW  net.core.somaxconn", "set: sysctl -w net.core.somaxconn");
    }

    /** Files of the kernel are read differently from those of a disk. */
    @Test
    void readsTheSettingsOfTheKernelThatRunsIt() {
        assumeTrue(Files.isReadable(Path.of("/proc/sys/fs/nr_open")));
        var mostFiles = MILLION.sysctls().getFirst();
        assertThat(mostFiles.name()).isEqualTo("fs.nr_open");
        assertThat(new Machine(Path.of("/")).numbers(mostFiles).getFirst()).isGreaterThan(1_000L);
    }

    @Test
    void sayingNothingIsNotBelow() {
        assertThat(check("memory, MB").verdict()).isEqualTo(Check.Verdict.UNKNOWN);
        assertThat(check("fs.file-max").verdict()).isEqualTo(Check.Verdict.UNKNOWN);
        assertThat(check("net.netfilter.nf_conntrack_max").verdict()).isEqualTo(Check.Verdict.ENOUGH);
    }

    @Test
    void swappingMattersOnlyWhereThereIsSwap() throws IOException {
        put("/proc/sys/vm/swappiness", "60");
        put("/proc/meminfo", "MemTotal:       16000000 kB\nSwapTotal:             0 kB");
        assertThat(check("vm.swappiness").isBelow()).isFalse();
        assertThat(check("memory, MB").is()).isEqualTo("15625");
        put("/proc/meminfo", "SwapTotal:       2000000 kB");
        assertThat(check("vm.swappiness").isBelow()).isTrue();
    }

    @Test
    void hugePagesAreForThoseWhoAsk() throws IOException {
        put("/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never");
        assertThat(check("transparent huge pages").isBelow()).isTrue();
        put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        assertThat(check("transparent huge pages").isBelow()).isFalse();
    }

    @Test
    void aMachineWithTheFileThatIsPrintedLacksNoSetting() throws IOException {
        for (var line :
                TuningText.sysctlFile(MILLION, new Machine(root)).lines().toList()) {
            if (!line.startsWith("#")) {
                var setting = line.replaceFirst("^-", "").split(" = ", 2);
                put("/proc/sys/" + setting[0].replace('.', '/'), setting[1]);
            }
        }
        assertThat(checks())
                .filteredOn(check -> check.how().startsWith("sysctl"))
                .isNotEmpty()
                .allSatisfy(check -> assertThat(check.verdict()).isEqualTo(Check.Verdict.ENOUGH));
    }

    @Test
    void theFileThatIsPrintedLowersNothing() throws IOException {
        put("/proc/sys/fs/file-max", "9223372036854775807");
        assertThat(TuningText.sysctlFile(MILLION, new Machine(root)))
                .contains("# fs.file-max is good enough")
                .doesNotContain("fs.file-max =")
                .contains("net.core.somaxconn = 4096");
    }

    /** Whoever prints it a second time, to the same file, keeps what the first one has set. */
    @Test
    void theFileThatIsPrintedOnATunedMachineIsTheSame() throws IOException {
        var first = TuningText.sysctlFile(MILLION, new Machine(root));
        for (var sysctl : MILLION.sysctls()) {
            put(sysctl.file(), sysctl.text().replace(' ', '\t'));
        }
        put(MILLION.connectionTracking().file(), MILLION.connectionTracking().text());

        assertThat(TuningText.sysctlFile(MILLION, new Machine(root))).isEqualTo(first);
    }

    @Test
    void theDropInHasTheNumbersOfTheDocument() {
        assertThat(TuningText.systemdDropIn(MILLION).lines())
                .first()
                .asString()
                .isEqualTo("# For a broker with %,d connections. Made by: meridian doctor --systemd --connections %<d"
                        .formatted(MILLION.connections()));
        assertThat(TuningText.systemdDropIn(MILLION).lines())
                .filteredOn(line -> !line.startsWith("#"))
                .containsExactly(
                        "[Service]",
                        "LimitNOFILE=1110000",
                        "Environment=\"MERIDIAN_JAVA_OPTS=-Xms4608m -Xmx4608m -XX:MaxDirectMemorySize=3328m\"");
    }

    @Test
    void systemdUnderstandsTheDropIn() throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "systemd-analyze"))),
                "systemd-analyze is not installed");
        put("/meridian-broker.service", "[Service]\nExecStart=/bin/true\n");
        var dropIn = "/meridian-broker.service.d/limits.conf";
        put(dropIn, TuningText.systemdDropIn(MILLION));
        assertThat(complaintsOfSystemd()).doesNotContain("meridian-broker");

        put(dropIn, TuningText.systemdDropIn(MILLION).replace("LimitNOFILE=", "LimitNOFILE=about "));
        assertThat(complaintsOfSystemd()).contains(dropIn);
    }

    /** It warns of what it does not understand, and succeeds. */
    private String complaintsOfSystemd() throws IOException, InterruptedException {
        var output = root.resolve("systemd-analyze.log");
        var verify = new ProcessBuilder(
                        "systemd-analyze",
                        "verify",
                        root.resolve("meridian-broker.service").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(verify.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(verify.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    @Test
    void oneFileIsPrintedAtATime() {
        var errors = new StringWriter();
        var commandLine = Main.commandLine().setErr(new PrintWriter(errors));

        assertThat(commandLine.execute("doctor", "--systemd", "--sysctl")).isEqualTo(2);
        assertThat(errors.toString()).contains("--sysctl", "--systemd", "mutually exclusive");
        assertThat(commandLine.execute("doctor", "--systemd", "--connections", "5000"))
                .isZero();
    }

    @Test
    void readsTheLimitOfABroker() throws IOException {
        var file = root.resolve("broker.yaml");
        Files.writeString(file, "limits:\n  connections: many\n");
        assertThat(Main.commandLine().execute("doctor", "--config", file.toString()))
                .isEqualTo(2);
        Files.writeString(file, "limits:\n  connections: 5000\n");
        assertThat(Main.commandLine().execute("doctor", "--sysctl", "--config", file.toString()))
                .isZero();
        assertThat(Main.commandLine().execute("doctor", "--connections", "0")).isEqualTo(2);
    }

    /** The tables of the document are made by {@link TuningText#markdown}. */
    @Test
    void theDocumentAgreesWithTheCode() throws IOException {
        var document = Path.of("..", "docs", "tuning.md");
        assertThat(Files.readString(document)).contains(TuningText.markdown());
    }

    private Check check(String what) {
        return checks().stream()
                .filter(check -> check.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private List<Check> checks() {
        return new Checks(new Machine(root), MILLION).all();
    }

    private void put(String file, String text) throws IOException {
        var path = root.resolve(file.substring(1));
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
