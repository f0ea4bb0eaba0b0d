package io.meridianmq.fabric.config;

import io.meridianmq.fabric.tls.Credentials;
import java.util.Optional;

/**
 * Where a process accepts links from its neighbours, and what it proves itself with.
 *
 * @param bind address to listen on; port 0: any free port
 * @param advertise address under which neighbours reach it, as the directory lists it
 * @param advertiseBeyond the same in a directory beyond its home, such as the global one of a region gateway
 * @param tls what both ends of a link prove themselves with; empty: links are not encrypted, and stay on this machine
 */
public record LinkConfig(HostPort bind, HostPort advertise, HostPort advertiseBeyond, Optional<Credentials> tls) {

    /**
     * Reads {@code bind}, {@code advertise} (default: {@code bind}) and {@code insecure} (default: false). One of {@code
     * tls} and {@code insecure: true} has to be there, and the latter on this machine alone.
     */
    public static LinkConfig read(Section section, HostPort defaultBind, TlsConfig tls) {
        var link = readAddresses(section, defaultBind, tls);
        var insecure = section.bool("insecure", false);
        if (insecure && tls.given()) {
            section.problem("insecure", "is true, but links are encrypted, since tls is given: remove one of them");
        } else if (insecure) {
            requireLoopback(section, "bind", link.bind());
            if (!link.advertise().equals(link.bind())) {
                requireLoopback(section, "advertise", link.advertise());
            }
        } else if (!tls.given()) {
            section.problem(
                    "bind",
                    "is " + link.bind() + ", and how links are protected is missing: give tls with certificate, key and"
                            + " authority; or, if all neighbours are on this machine, set " + section.path()
                            + ".insecure: true");
        }
        return link;
    }

    /** Reads the same keys for a process that may turn out to need no links: what they are missing is no problem. */
    public static LinkConfig readUnused(Section section, HostPort defaultBind, TlsConfig tls) {
        section.bool("insecure", false);
        return readAddresses(section, defaultBind, tls);
    }

    /** Reads {@code advertise-beyond} (default: {@code advertise}) as well, of a process with more than one directory. */
    public LinkConfig withBeyond(Section section) {
        var beyond = section.hostPort("advertise-beyond", advertise);
        requireReachable(section, "advertise-beyond", beyond);
        if (tls.isEmpty() && !beyond.equals(advertise)) {
            requireLoopback(section, "advertise-beyond", beyond);
        }
        return new LinkConfig(bind, advertise, beyond, tls);
    }

    private static LinkConfig readAddresses(Section section, HostPort defaultBind, TlsConfig tls) {
        var bind = section.hostPort("bind", defaultBind);
        var advertise = section.hostPort("advertise", bind);
        requireReachable(section, "advertise", advertise);
        return new LinkConfig(bind, advertise, advertise, tls.credentials());
    }

    private static void requireReachable(Section section, String key, HostPort address) {
        if (address.isWildcard()) {
            section.problem(key, "is " + address + ", where nobody can connect: give this machine's address");
        }
    }

    private static void requireLoopback(Section section, String key, HostPort address) {
        if (!address.isLoopback()) {
            section.problem(
                    key,
                    "is " + address + ", which other machines can reach, and links that are not encrypted stay on this"
                            + " machine: give tls, or use 127.0.0.1");
        }
    }
}
