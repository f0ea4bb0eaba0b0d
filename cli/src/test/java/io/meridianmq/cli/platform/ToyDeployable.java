package io.meridianmq.cli.platform;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Stands for any of Meridian's processes in tests of the supervisor: reads its configuration file, answers health checks,
 * and prints the first bytes of each connection to its listener. A file {@code CONFIG.fail} makes it fail at its start, a
 * file {@code CONFIG.hang} keeps it from ever being ready.
 */
final class ToyDeployable {

    private static final int SHOWN_BYTES = 16;

    private ToyDeployable() {}

    static void main(String[] arguments) throws IOException {
        var config = Path.of(arguments[1]);
        var text = Files.readString(config);
        System.out.println("started with " + config);
        if (Files.exists(Path.of(config + ".fail"))) {
            System.out.println("cannot work: told to fail");
            System.exit(7);
        }
        var status = Files.exists(Path.of(config + ".hang")) ? 503 : 200;
        var http = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port("http:\\s+bind", text)), 0);
        http.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        http.start();
        if (text.contains("- tcp:")) {
            listen(port("- tcp", text));
        }
    }

    private static void listen(int port) throws IOException {
        try (var server = new ServerSocket(port)) {
            while (true) {
                try (var connection = server.accept()) {
                    System.out.println("received "
                            + HexFormat.of()
                                    .formatHex(connection.getInputStream().readNBytes(SHOWN_BYTES)));
                }
            }
        }
    }

    private static int port(String key, String text) {
        var matcher = Pattern.compile(key + ": 127\\.0\\.0\\.1:([0-9]+)").matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + key + " in " + text);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
