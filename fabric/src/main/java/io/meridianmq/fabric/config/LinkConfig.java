package io.meridianmq.fabric.config;

/**
 * Where a process accepts links from its neighbours.
 *
 * @param bind address to listen on; port 0: any free port
 * @param advertise address under which neighbours reach it, as the directory lists it
 * @param advertiseBeyond the same in a directory beyond its home, such as the global one of a region gateway
 * @param insecure whether links may run unencrypted beyond this machine
 */
public record LinkConfig(HostPort bind, HostPort advertise, HostPort advertiseBeyond, boolean insecure) {

    /** Reads {@code bind}, {@code advertise} (default: {@code bind}) and {@code insecure} (default: false). */
    public static LinkConfig read(Section section, HostPort defaultBind) {
        var bind = section.hostPort("bind", defaultBind);
        var advertise = section.hostPort("advertise", bind);
        var insecure = section.bool("insecure", false);
        if (!bind.isLoopback() && !insecure) {
            section.problem(
                    "bind",
                    "is " + bind
                            + ", which other machines can reach, and links are not encrypted: bind to 127.0.0.1, or"
                            + " set insecure: true if the network is trusted");
        }
        requireReachable(section, "advertise", advertise);
        return new LinkConfig(bind, advertise, advertise, insecure);
    }

    /** Reads {@code advertise-beyond} (default: {@code advertise}) as well, of a process with more than one directory. */
    public LinkConfig withBeyond(Section section) {
        var beyond = section.hostPort("advertise-beyond", advertise);
        requireReachable(section, "advertise-beyond", beyond);
        return new LinkConfig(bind, advertise, beyond, insecure);
    }

    private static void requireReachable(Section section, String key, HostPort address) {
        if (address.isWildcard()) {
            section.problem(key, "is " + address + ", where nobody can connect: give this machine's address");
        }
    }
}
