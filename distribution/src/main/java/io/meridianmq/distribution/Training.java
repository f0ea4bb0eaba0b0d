package io.meridianmq.distribution;

import io.meridianmq.cli.Main;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.CredentialsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The run that the AOT cache is made from: it loads and links what Meridian's processes use while they start and serve
 * their first clients.
 *
 * <p>The JVM records every class that this run loads; with the cache each process starts in a fraction of the time. The
 * build runs it once, with the flags of the distribution. It needs no server and listens on loopback alone.
 */
final class Training {

    private static final long PATIENCE_MILLIS = 30_000;
    private static final int POLL_MILLIS = 50;

    private Training() {}

    /** The only argument is a folder for what the processes write. */
    static void main(String[] arguments) throws IOException, InterruptedException, CredentialsException {
        var folder = Path.of(arguments[0]);
        run("--help");
        run("up", "--help");
        run("status", "--data", folder.toString());
        run("down", "--data", folder.toString());
        var certificates = new TrainingCertificates(folder);
        broker(folder);
        links(certificates);
        gateway(folder, certificates);
        control(folder, certificates);
        // Ends what was started, in order; the JVM makes the cache at its exit.
        System.exit(0);
    }

    /** A broker on its own with its first clients. */
    private static void broker(Path folder) throws IOException, InterruptedException {
        var mqtt = unusedPort();
        start("broker", io.meridianmq.broker.Main::main, folder, """
                place: training/a/1
                data: "%s"
                http:
                  bind: 127.0.0.1:%d
                listeners:
                  - tcp: 127.0.0.1:%d
                """.formatted(
                        folder.resolve("data"), unusedPort(), mqtt));
        await("the broker", () -> isListening(mqtt));
        var port = Integer.toString(mqtt);
        run("pub", "-p", port, "-t", "training/1", "-m", "first", "-q", "1", "-r", "-D", "name=value");
        run("pub", "-p", port, "-t", "training/2", "-m", "second", "-q", "2", "-r");
        run("sub", "-p", port, "-t", "training/#", "-q", "2", "--count", "2", "--timeout", "20", "--json");
    }

    /** A link between two gateways that prove themselves to each other. */
    private static void links(TrainingCertificates certificates)
            throws IOException, CredentialsException, InterruptedException {
        var region = Place.region("training");
        var zone = Place.zone("training", "a");
        try (var one = new TrainingLink(region, certificates.of(region));
                var other = new TrainingLink(zone, certificates.of(zone))) {
            one.meet(other);
            other.meet(one);
            await("the link", () -> one.isUp() && other.isUp());
        }
    }

    /** A gateway that does not find its etcd. */
    private static void gateway(Path folder, TrainingCertificates certificates)
            throws IOException, InterruptedException {
        var link = unusedPort();
        start("zone-gateway", io.meridianmq.gateway.zone.Main::main, folder, """
                place: training/a
                data: "%s"
                directory:
                  etcd: ["127.0.0.1:1"]
                link:
                  bind: 127.0.0.1:%d
                %s""".formatted(
                        folder.resolve("gateway"), link, certificates.section(Place.zone("training", "a"))));
        await("the gateway", () -> isListening(link));
    }

    /** global-control without its etcd, and an operator who asks it. */
    private static void control(Path folder, TrainingCertificates certificates)
            throws IOException, InterruptedException {
        var admin = unusedPort();
        start("global-control", io.meridianmq.control.Main::main, folder, """
                data: "%s"
                directory:
                  global-etcd: ["127.0.0.1:1"]
                admin:
                  bind: 127.0.0.1:%d
                %s""".formatted(
                        folder.resolve("control"), admin, certificates.section(Place.GLOBAL)));
        await("global-control", () -> isListening(admin));
        run(certificates.asOperator("topology", "--admin", "127.0.0.1:" + admin));
    }

    private static void start(String program, Consumer<String[]> main, Path folder, String yaml) throws IOException {
        var config = Files.writeString(folder.resolve(program + ".yaml"), yaml);
        Thread.ofPlatform().name(program).start(() -> main.accept(new String[] {"--config", config.toString()}));
    }

    /** Every command has to work: what fails would be missing from the cache. */
    private static void run(String... command) {
        var exitCode = Main.commandLine().execute(command);
        if (exitCode != 0 && !command[0].equals("status")) {
            throw new IllegalStateException(String.join(" ", command) + ": exit code " + exitCode);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(what + " did not start in time");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean isListening(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
