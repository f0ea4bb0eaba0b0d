package io.meridianmq.cli.doctor;

import io.meridianmq.cli.doctor.Sysctl.Rule;
import java.util.List;

/**
 * What a machine needs that runs one broker. The only source of these numbers: {@code meridian doctor} compares machines
 * with it, and docs/tuning.md shows it.
 *
 * @param connections clients connected at once, 1 to 10,000,000
 */
record Sizing(int connections) {

    static final int CONNECTIONS_MAX = 10_000_000;

    private static final int MILLION = 1 << 20;
    private static final long KB = 1024;
    private static final long MB = KB * KB;

    /** Files of the store, links, log, jars, and clients that come while others go. */
    private static final long OTHER_FILES = 10_000;

    /** How many connections may wait to be accepted by a listener: what the broker asks for. */
    private static final long ACCEPT_QUEUE = 4096;

    /** Mappings of memory: the default of the kernel suits heaps of a few GB. */
    private static final long MAPS = 65_530;

    private static final long MAPS_OF_LARGE_HEAPS = 262_144;
    private static final int LARGE = 500_000;

    /** Twice the live heap of an idle connection, so that the collector has room: 2 KB is the budget. */
    private static final long HEAP_BYTES = 4 * KB;

    /** Outside the heap: 2.5 KB is the budget, buffers of those that are busy come on top. */
    private static final long DIRECT_BYTES = 3 * KB;

    /** Of the kernel: socket, inode, file, directory entry and epoll item are 3.7 KB on Linux 6. */
    private static final long KERNEL_BYTES = 4 * KB;

    /** Of a broker without clients, and of the operating system. */
    private static final long BASE_HEAP_BYTES = 512 * MB;

    private static final long BASE_DIRECT_BYTES = 256 * MB;
    private static final long BASE_SYSTEM_BYTES = 1024 * MB;

    private static final long HEAP_STEP_MB = 256;

    private static final int SWAPPINESS = 10;

    private static final long SOCKET_BUFFER_MAX = 4 * MB;
    private static final long WRITE_BUFFER = 16 * KB;
    private static final long READ_BUFFER = 128 * KB;
    private static final long LEAST_BUFFER = 4 * KB;
    private static final long FIRST_PORT = 10_240;
    private static final long LAST_PORT = 60_999;

    Sizing {
        if (connections < 1 || connections > CONNECTIONS_MAX) {
            throw new IllegalArgumentException("from 1 to " + CONNECTIONS_MAX + " connections, but was " + connections);
        }
    }

    /** File descriptors of the process ({@code ulimit -n}). */
    long openFiles() {
        return connections + connections / 10L + OTHER_FILES;
    }

    /** {@code -Xmx}, in MB. */
    long heapMb() {
        var exact = (BASE_HEAP_BYTES + connections * HEAP_BYTES) / MB;
        return (exact + HEAP_STEP_MB - 1) / HEAP_STEP_MB * HEAP_STEP_MB;
    }

    /** {@code -XX:MaxDirectMemorySize}, in MB. */
    long directMb() {
        var exact = (BASE_DIRECT_BYTES + connections * DIRECT_BYTES) / MB;
        return (exact + HEAP_STEP_MB - 1) / HEAP_STEP_MB * HEAP_STEP_MB;
    }

    /** Memory of the machine, in MB, for connections that are mostly idle. */
    long memoryMb() {
        return heapMb() + directMb() + (BASE_SYSTEM_BYTES + connections * KERNEL_BYTES) / MB;
    }

    /** Entries of connection tracking, where it is loaded at all. */
    long trackedConnections() {
        return connections + connections / 4L;
    }

    /** Settings of the kernel, in the order in which they are shown. */
    List<Sysctl> sysctls() {
        var pages = Math.max(connections, OTHER_FILES);
        return List.of(
                Sysctl.atLeast(
                        "fs.nr_open", Math.max(MILLION, openFiles()), "File descriptors that a process may ask for"),
                Sysctl.atLeast("fs.file-max", 2 * openFiles(), "File descriptors of all processes"),
                Sysctl.atLeast(
                        "net.core.somaxconn",
                        ACCEPT_QUEUE,
                        "Connections that wait to be accepted: the broker's own limit"),
                Sysctl.atLeast("net.ipv4.tcp_max_syn_backlog", ACCEPT_QUEUE, "Connections whose handshake is not done"),
                new Sysctl(
                        "net.ipv4.ip_local_port_range",
                        List.of(FIRST_PORT, LAST_PORT),
                        1,
                        Rule.AT_LEAST,
                        "Ports of outgoing connections: of load balancers and load generators; a broker opens few"),
                new Sysctl(
                        "net.ipv4.tcp_mem",
                        List.of(pages / 2, pages * 3 / 4, pages),
                        2,
                        Rule.AT_LEAST,
                        "Pages of 4 KB in all buffers of TCP together: one for each connection"),
                new Sysctl(
                        "net.ipv4.tcp_rmem",
                        List.of(LEAST_BUFFER, READ_BUFFER, SOCKET_BUFFER_MAX),
                        2,
                        Rule.AT_LEAST,
                        "Receive buffer of a connection: at first, and as far as it may grow"),
                new Sysctl(
                        "net.ipv4.tcp_wmem",
                        List.of(LEAST_BUFFER, WRITE_BUFFER, SOCKET_BUFFER_MAX),
                        2,
                        Rule.AT_LEAST,
                        "Send buffer of a connection"),
                Sysctl.atLeast(
                        "vm.max_map_count",
                        connections < LARGE ? MAPS : MAPS_OF_LARGE_HEAPS,
                        "Mappings of memory: collectors for large heaps need more"),
                new Sysctl(
                        "vm.swappiness",
                        List.of((long) SWAPPINESS),
                        0,
                        Rule.AT_MOST,
                        "A heap that is swapped out stops every client at its next collection"));
    }

    /** Of the connection tracking of firewalls. */
    Sysctl connectionTracking() {
        return Sysctl.atLeast(
                "net.netfilter.nf_conntrack_max",
                trackedConnections(),
                "Connections that a stateful firewall remembers; more are refused without a word");
    }
}
