package io.meridianmq.cli.doctor;

import java.util.List;

/**
 * A setting of the kernel.
 *
 * @param name as {@code sysctl} writes it
 * @param value what to set: one number or, for some settings, several
 * @param compared which of the numbers decides whether a machine's own setting will do, from 0
 * @param rule how it is compared
 * @param why what it is for, as a sentence without its full stop
 */
record Sysctl(String name, List<Long> value, int compared, Rule rule, String why) {

    /** How a machine's own number is compared with the one that is needed. */
    enum Rule {
        AT_LEAST,
        AT_MOST
    }

    Sysctl {
        value = List.copyOf(value);
    }

    static Sysctl atLeast(String name, long value, String why) {
        return new Sysctl(name, List.of(value), 0, Rule.AT_LEAST, why);
    }

    /** The numbers, with spaces between them. */
    String text() {
        return String.join(" ", value.stream().map(String::valueOf).toList());
    }

    /** The file that shows it. */
    String file() {
        return "/proc/sys/" + name.replace('.', '/');
    }

    /** Whether a machine with these numbers can do without a change; false if there are too few of them. */
    boolean isEnough(List<Long> is) {
        if (compared >= is.size()) {
            return false;
        }
        return switch (rule) {
            case AT_LEAST -> is.get(compared) >= value.get(compared);
            case AT_MOST -> is.get(compared) <= value.get(compared);
        };
    }
}
