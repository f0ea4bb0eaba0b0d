package io.meridianmq.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What machines need, as text. */
final class TuningText {

    /** The sizes that docs/tuning.md shows. */
    private static final List<Sizing> SHOWN =
            List.of(new Sizing(100_000), new Sizing(250_000), new Sizing(500_000), new Sizing(1_000_000));

    private TuningText() {}

    /** The tables of docs/tuning.md, in Markdown. */
    static String markdown() {
        var lines = new ArrayList<String>();
        lines.add(row("connections", sizing -> "%,d".formatted(sizing.connections())) + " for |");
        lines.add("|---|" + "---|".repeat(SHOWN.size() + 1));
        lines.add(row("`LimitNOFILE`, `ulimit -n`", sizing -> "" + sizing.openFiles())
                + " File descriptors: a tenth more than clients, and the store's |");
        var count = SHOWN.getFirst().sysctls().size();
        for (var i = 0; i < count; i++) {
            var at = i;
            var sysctl = SHOWN.getFirst().sysctls().get(at);
            lines.add(row(
                            "`" + sysctl.name() + "`",
                            sizing -> sizing.sysctls().get(at).text()) + " " + sysctl.why() + " |");
        }
        var tracking = SHOWN.getFirst().connectionTracking();
        lines.add(row(
                        "`" + tracking.name() + "`",
                        sizing -> sizing.connectionTracking().text()) + " " + tracking.why() + " |");
        lines.add(row("`-Xmx`, `-Xms`", sizing -> sizing.heapMb() + "m") + " Heap: twice what is alive |");
        lines.add(row("`-XX:MaxDirectMemorySize`", sizing -> sizing.directMb() + "m") + " Buffers outside the heap |");
        lines.add(row("memory of the machine, MB", sizing -> "" + sizing.memoryMb())
                + " Both, the kernel's part of connections, and 1 GB |");
        return String.join("\n", lines) + "\n";
    }

    /**
     * A file for {@code /etc/sysctl.d}; what is better than needed on the machine stays as it is. What is just as needed is
     * set again: an earlier file like this may be what set it, and this one takes its place.
     */
    static String sysctlFile(Sizing sizing, Machine machine) {
        var lines = new ArrayList<String>();
        lines.add("# For a broker with %,d connections. Made by: meridian doctor --sysctl --connections %d"
                .formatted(sizing.connections(), sizing.connections()));
        lines.add("# The process needs as many file descriptors: LimitNOFILE=" + sizing.openFiles());
        for (var sysctl : sizing.sysctls()) {
            lines.add("# " + sysctl.why() + ".");
            lines.add(
                    isBetterThanNeeded(sysctl, machine)
                            ? "# " + sysctl.name() + " is good enough"
                            : sysctl.name() + " = " + sysctl.text());
        }
        var tracking = sizing.connectionTracking();
        if (!isBetterThanNeeded(tracking, machine)) {
            lines.add("# " + tracking.why() + ". The dash: ignored where it is not loaded.");
            lines.add("-" + tracking.name() + " = " + tracking.text());
        }
        return String.join("\n", lines) + "\n";
    }

    private static boolean isBetterThanNeeded(Sysctl sysctl, Machine machine) {
        var is = machine.numbers(sysctl);
        return sysctl.isEnough(is) && !sysctl.value().equals(is);
    }

    /** A drop-in for the service of a broker, such as {@code meridian-broker.service.d/limits.conf}. */
    static String systemdDropIn(Sizing sizing) {
        return """
                # For a broker with %1$,d connections. Made by: meridian doctor --systemd --connections %1$d
                [Service]
                # File descriptors: a tenth more than clients, and the store's.
                LimitNOFILE=%2$d
                # Heap: twice what is alive, all of it from the start. Buffers outside the heap.
                Environment="MERIDIAN_JAVA_OPTS=-Xms%3$dm -Xmx%3$dm -XX:MaxDirectMemorySize=%4$dm"
                """.formatted(sizing.connections(), sizing.openFiles(), sizing.heapMb(), sizing.directMb());
    }

    /** What was found, a line each, with what to do about what is below. */
    static String table(List<Check> checks) {
        var text = new StringBuilder();
        text.append(line("", "what", "is", "needs"));
        for (var check : checks) {
            text.append(line(check.verdict().toString(), check.what(), check.is(), check.needs()));
            if (check.isBelow()) {
                text.append("       set: ").append(check.how()).append('\n');
            }
        }
        return text.toString();
    }

    private static String line(String verdict, String what, String is, String needs) {
        return "%-6s %-30s %-24s %s".formatted(verdict, what, is, needs).stripTrailing() + '\n';
    }

    private static String row(String name, Function<Sizing, String> value) {
        return "| " + name + " | "
                + String.join(" | ", SHOWN.stream().map(value).toList()) + " |";
    }
}
