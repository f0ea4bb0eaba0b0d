package io.meridianmq.fabric.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the directory is.
 *
 * @param etcd client addresses of the members of one etcd cluster; empty: the process runs on its own
 */
public record DirectoryConfig(List<HostPort> etcd) {

    public DirectoryConfig {
        etcd = List.copyOf(etcd);
    }

    /** Reads {@code etcd}, a list of host:port, from {@code section}; none by default. */
    public static DirectoryConfig read(Section section) {
        return new DirectoryConfig(addresses(section, "etcd"));
    }

    /** Reads the list of host:port of one etcd cluster below {@code key}; a component that cannot do without it says so. */
    public static List<HostPort> required(Section section, String key) {
        var addresses = addresses(section, key);
        if (addresses.isEmpty()) {
            section.problem(key, "is missing or empty: list the client addresses of etcd's members as host:port");
        }
        return addresses;
    }

    private static List<HostPort> addresses(Section section, String key) {
        var addresses = new ArrayList<HostPort>();
        for (var text : section.strings(key, List.of())) {
            try {
                addresses.add(HostPort.parse(text));
            } catch (IllegalArgumentException e) {
                section.problem(key, "has \"" + text + "\", which " + e.getMessage());
            }
        }
        return List.copyOf(addresses);
    }

    /** Whether there is no directory: one broker that serves alone. */
    public boolean standalone() {
        return etcd.isEmpty();
    }
}
