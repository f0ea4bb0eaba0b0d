package io.meridianmq.cli.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process that listens on a TCP port of this machine.
 *
 * @param pid its number
 * @param command its command line, shortened
 */
record PortOwner(long pid, String command) {

    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS_FIELD = 1;
    private static final int STATE_FIELD = 3;
    private static final int INODE_FIELD = 9;
    private static final int COMMAND_LENGTH_MAX = 120;

    /**
     * Who listens on {@code port}, on any address. Empty if nobody does, or if it is a process of another user, which
     * only root may look into.
     */
    static Optional<PortOwner> of(int port) {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(table -> lines(Path.of(table)))
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > INODE_FIELD
                        && fields[STATE_FIELD].equals(LISTENING)
                        && fields[LOCAL_ADDRESS_FIELD].endsWith(":%04X".formatted(port)))
                .flatMap(fields -> holderOf("socket:[" + fields[INODE_FIELD] + "]").stream())
                .findFirst();
    }

    private static Optional<PortOwner> holderOf(String socket) {
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), socket))
                .map(process -> new PortOwner(process.pid(), commandOf(process.pid())))
                .findFirst();
    }

    private static boolean holds(long pid, String socket) {
        try (var files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.anyMatch(file -> linkTarget(file).equals(socket));
        } catch (IOException | UncheckedIOException _) {
            // It ended meanwhile, or belongs to another user.
            return false;
        }
    }

    private static String linkTarget(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException _) {
            // Closed meanwhile.
            return "";
        }
    }

    private static String commandOf(long pid) {
        var command = String.join(
                        "",
                        lines(Path.of("/proc", Long.toString(pid), "cmdline")).toList())
                .replace('\0', ' ')
                .strip();
        return command.length() <= COMMAND_LENGTH_MAX ? command : command.substring(0, COMMAND_LENGTH_MAX) + "...";
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException _) {
            // A machine without IPv6 has no such table; a process may end while it is looked at.
            return Stream.empty();
        }
    }
}
