package io.meridianmq.cli.doctor;

import io.meridianmq.cli.doctor.Check.Verdict;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Compares a machine with what is needed. */
final class Checks {

    private static final String CLOCK = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static final String GOVERNOR = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
    private static final String HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled";

    /** Clocks that are read without a system call. */
    private static final Set<String> FAST_CLOCKS =
            Set.of("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page");

    private final Machine machine;
    private final Sizing sizing;

    Checks(Machine machine, Sizing sizing) {
        this.machine = machine;
        this.sizing = sizing;
    }

    /** Everything, in the order of docs/tuning.md. */
    List<Check> all() {
        var checks = new ArrayList<Check>();
        checks.add(number(
                "open files (ulimit -n)",
                machine.openFiles(),
                sizing.openFiles(),
                "LimitNOFILE=%d in the systemd unit, or ulimit -n %<d".formatted(sizing.openFiles())));
        checks.add(
                number("memory, MB", machine.memoryMb(), sizing.memoryMb(), "a larger machine, or fewer connections"));
        for (var sysctl : sizing.sysctls()) {
            checks.add(sysctl(sysctl));
        }
        checks.add(connectionTracking());
        checks.add(hugePages());
        checks.add(oneOf("clock source", CLOCK, FAST_CLOCKS, "clocksource=tsc on the kernel's command line"));
        checks.add(governor());
        checks.add(
                loaded("epoll", Epoll.isAvailable(), "use the packaged distribution, on Linux for x86_64 or aarch64"));
        checks.add(loaded(
                "OpenSSL for TLS", OpenSsl.isAvailable(), "use the packaged distribution: without it TLS costs more"));
        return List.copyOf(checks);
    }

    private Check number(String what, OptionalLong is, long needs, String how) {
        return is.isEmpty()
                ? new Check(what, "?", String.valueOf(needs), Verdict.UNKNOWN, "")
                : new Check(
                        what,
                        is.getAsLong() == Long.MAX_VALUE ? "unlimited" : String.valueOf(is.getAsLong()),
                        "at least " + needs,
                        Check.verdict(is.getAsLong() >= needs),
                        how);
    }

    private Check sysctl(Sysctl sysctl) {
        var numbers = machine.numbers(sysctl);
        var is = String.join(" ", numbers.stream().map(String::valueOf).toList());
        var needs = switch (sysctl.rule()) {
                    case AT_LEAST -> "at least ";
                    case AT_MOST -> "at most ";
                }
                + sysctl.text();
        var how = "sysctl -w " + sysctl.name() + "=\"" + sysctl.text() + '"';
        if (numbers.isEmpty()) {
            return new Check(sysctl.name(), "?", needs, Verdict.UNKNOWN, how);
        }
        if (sysctl.name().equals("vm.swappiness") && machine.swapMb().orElse(1) == 0) {
            return new Check(sysctl.name(), is + ", no swap", needs, Verdict.ENOUGH, "");
        }
        return new Check(sysctl.name(), is, needs, Check.verdict(sysctl.isEnough(numbers)), how);
    }

    private Check connectionTracking() {
        var sysctl = sizing.connectionTracking();
        return machine.numbers(sysctl).isEmpty()
                ? new Check(sysctl.name(), "not loaded", "not loaded, or at least " + sysctl.text(), Verdict.ENOUGH, "")
                : sysctl(sysctl);
    }

    private Check hugePages() {
        var chosen = machine.text(HUGE_PAGES)
                .map(text -> text.replaceAll(".*\\[(\\w+)\\].*", "$1"))
                .orElse("?");
        var verdict = chosen.equals("?") ? Verdict.UNKNOWN : Check.verdict(!chosen.equals("always"));
        return new Check("transparent huge pages", chosen, "madvise or never", verdict, "echo madvise > " + HUGE_PAGES);
    }

    private Check oneOf(String what, String file, Set<String> good, String how) {
        var is = machine.text(file).orElse("?");
        var verdict = is.equals("?") ? Verdict.UNKNOWN : Check.verdict(good.contains(is));
        return new Check(what, is, "one that needs no system call", verdict, how);
    }

    private Check governor() {
        var is = machine.text(GOVERNOR).orElse("none");
        var isGood = is.equals("none") || is.equals("performance");
        return new Check(
                "CPU governor",
                is,
                "performance, or none",
                Check.verdict(isGood),
                "cpupower frequency-set -g performance");
    }

    private static Check loaded(String what, boolean isLoaded, String how) {
        return new Check(what, isLoaded ? "loaded" : "not there", "loaded", Check.verdict(isLoaded), how);
    }
}
