package io.meridianmq.cli.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds out before anything is started whether every port is free. */
final class PortCheck {

    private PortCheck() {}

    /** Fails if a port is taken, with a message that names each such port and who has it. */
    static void requireFree(List<Component> components) {
        var taken = new ArrayList<String>();
        for (var component : components) {
            for (var port : component.ports()) {
                if (!isFree(port)) {
                    taken.add("port " + port + " (for " + component.name() + ") is taken by "
                            + PortOwner.of(port)
                                    .map(owner -> "process " + owner.pid() + ": " + owner.command())
                                    .orElse("a process of another user"));
                }
            }
        }
        if (!taken.isEmpty()) {
            throw new PlatformException(String.join("\n  ", taken)
                    + "\n  end it, or choose other ports with --client-port and --base-port");
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
