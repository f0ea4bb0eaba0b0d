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
        var addresses = new ArrayList<HostPort>();
        for (var text : section.strings("etcd", List.of())) {
            try {
                addresses.add(HostPort.parse(text));
            } catch (IllegalArgumentException e) {
                section.problem("etcd", "has \"" + text + "\", which " + e.getMessage());
            }
        }
        return new DirectoryConfig(addresses);
    }

    /** Whether there is no directory: one broker that serves alone. */
    public boolean standalone() {
        return etcd.isEmpty();
    }
}
