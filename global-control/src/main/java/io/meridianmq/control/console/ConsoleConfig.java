package io.meridianmq.control.console;

import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.Section;

/**
 * Where the console is.
 *
 * @param bind where it is served; port 0 takes any free one
 */
public record ConsoleConfig(HostPort bind) {

    private static final HostPort DEFAULT = new HostPort("127.0.0.1", 20_006);

    /** Reads {@code bind} and {@code insecure} of this section. */
    public static ConsoleConfig read(Section section) {
        var bind = section.hostPort("bind", DEFAULT);
        if (!section.bool("insecure", false) && !bind.isLoopback()) {
            section.problem(
                    "bind",
                    "is " + bind
                            + ", which other machines can reach, and the console shows the platform to whoever asks:"
                            + " bind to 127.0.0.1, or set insecure: true if the network is trusted");
        }
        return new ConsoleConfig(bind);
    }
}
