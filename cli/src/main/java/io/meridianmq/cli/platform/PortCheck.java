package io.meridianmq.cli.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds out before anything is started whether every port is free. */
final class PortCheck {

    /** Another platform on the same ports takes dozens; the first ones tell the story. */
    private static final int SHOWN_MAX = 5;

    private PortCheck() {}

    /** Fails if a port is taken, with a message that names the first such ports and who has each. */
    static void requireFree(List<Component> components) {
        var taken = new ArrayList<String>();
        var takenCount = 0;
        for (var component : components) {
            for (var port : component.ports()) {
                if (!isFree(port) && takenCount++ < SHOWN_MAX) {
                    taken.add("port " + port + " (for " + component.name() + ") is taken by " + ownerOf(port));
                }
            }
        }
        if (takenCount > SHOWN_MAX) {
            taken.add("and " + (takenCount - SHOWN_MAX) + " more ports are taken");
        }
        if (takenCount > 0) {
            taken.add("end what has them, or choose other ports with --client-port and --base-port");
            throw new PlatformException(String.join("\n  ", taken));
        }
    }

    private static String ownerOf(int port) {
        return PortOwner.of(port)
                .map(owner -> "process " + owner.pid() + ": " + owner.command())
                .orElse("a process of another user");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
