package io.meridianmq.control;

import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.config.TlsConfig;
import io.meridianmq.fabric.tls.Credentials;
import java.util.Optional;

/**
 * Where the admin interface is served, and to whom.
 *
 * @param bind address to listen on; port 0: any free port
 * @param tls what it proves itself with to operators, who do the same; empty: not encrypted, for everybody on this machine
 */
record AdminConfig(HostPort bind, Optional<Credentials> tls) {

    private static final HostPort DEFAULT = new HostPort("127.0.0.1", 20_003);

    /** Reads {@code bind} and {@code insecure} (default: false), which must be true without {@code tls}. */
    static AdminConfig read(Section section, TlsConfig tls) {
        var bind = section.hostPort("bind", DEFAULT);
        var insecure = section.bool("insecure", false);
        if (!insecure && !tls.given()) {
            section.problem(
                    "bind",
                    "is " + bind + ", and who may administer the platform there is missing: give tls with certificate,"
                            + " key and authority; or, if every user of this machine may, set admin.insecure: true");
        }
        if (insecure && !bind.isLoopback()) {
            section.problem(
                    "bind",
                    "is " + bind + ", which other machines can reach, and an admin interface without encryption stays"
                            + " on this machine: give tls instead of insecure: true, or bind to 127.0.0.1");
        }
        return new AdminConfig(bind, insecure ? Optional.empty() : tls.credentials());
    }
}
