package io.meridianmq.system;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meridianmq.system.CommandLine.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A platform that {@code meridian up --detach} has started with a data folder and ports of its own. */
final class LocalPlatform implements AutoCloseable {

    /** How far a node's port for clients without PROXY protocol is from the one for the load balancer. */
    private static final int DIRECT_PORT_OFFSET = 3;

    /** Between the ports that the processes of a region use among themselves, and those of the next region. */
    private static final int CLIENT_PORT_OFFSET = 500;

    private static final int CONSOLE_PORT_OFFSET = 6;

    /** Twenty processes start at once, on as few as two processors. */
    private static final String READY_WITHIN_SECONDS = "180";

    /** Compiling everything twice takes more of the processors in the first minutes than what the tests ask for. */
    private static final String FEW_PROCESSORS = "-XX:TieredStopAtLevel=1";

    private static final int LOG_LINES = 15;
    private static final int ANSWER_MILLIS = 5_000;

    private final Path data;
    private final int basePort;
    private final Thread stopAtExit = new Thread(this::downAtExit, "stop the platform");
    private List<Member> members = List.of();

    /**
     * A process of the platform.
     *
     * @param kind such as {@code node}
     * @param port where others use it
     * @param restarts how often it was started again after it had ended by itself
     * @param metrics where its metrics are
     */
    record Member(
            String name,
            String kind,
            String place,
            int port,
            long pid,
            String state,
            int restarts,
            Path log,
            URI metrics) {

        private static Member of(JsonObject object) {
            return new Member(
                    object.get("name").getAsString(),
                    object.get("kind").getAsString(),
                    object.get("place").getAsString(),
                    object.get("port").getAsInt(),
                    object.get("pid").getAsLong(),
                    object.get("state").getAsString(),
                    object.get("restarts").getAsInt(),
                    Path.of(object.get("log").getAsString()),
                    URI.create(object.get("metrics").getAsString()));
        }

        boolean isAlive() {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        }

        /** Sends it a signal, such as {@code STOP}. */
        void signal(String signal) throws IOException, InterruptedException {
            var ended = CommandLine.run(List.of("kill", "-" + signal, String.valueOf(pid)));
            if (ended.exitCode() != 0) {
                throw new IllegalStateException("cannot send " + signal + " to " + name + ": " + ended.errors());
            }
        }

        /** The sum of a metric over its labels, as the process tells it now; 0 if it does not know it. */
        double metric(String name) throws IOException {
            var connection = metrics.toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try (var in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum();
            }
        }

        /** Its memory that is in RAM, in MB. */
        long residentMb() {
            try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
                var resident = lines.filter(line -> line.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
                return Long.parseLong(resident.replaceAll("[^0-9]", "")) / 1024;
            } catch (IOException e) {
                throw new UncheckedIOException(name + " has ended", e);
            }
        }
    }

    private LocalPlatform(Path data, int basePort) {
        this.data = data;
        this.basePort = basePort;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param shape further options of {@code up}
     * @throws IllegalStateException if it does not become ready; the message has what it said and the ends of its logs
     */
    static LocalPlatform start(List<String> shape) throws IOException, InterruptedException {
        var platform = new LocalPlatform(Files.createTempDirectory("meridian-system"), freeBasePort());
        Runtime.getRuntime().addShutdownHook(platform.stopAtExit);
        platform.up(shape);
        return platform;
    }

    /** Starts it again with the data and the shape it has. */
    void restart() throws IOException, InterruptedException {
        up(List.of());
    }

    private void up(List<String> shape) throws IOException, InterruptedException {
        var options = new ArrayList<>(List.of("--detach", "--ready-within", READY_WITHIN_SECONDS));
        options.addAll(List.of("--java-opts", FEW_PROCESSORS));
        options.addAll(List.of("--base-port", String.valueOf(basePort), "--client-port", String.valueOf(clientPort())));
        options.addAll(shape);
        var ended = meridian("up", options.toArray(String[]::new));
        if (ended.exitCode() != 0) {
            var logs = logTails();
            close();
            throw new IllegalStateException("the platform did not start:\n" + ended.output() + ended.errors() + logs);
        }
        members = members();
        ended.output()
                .lines()
                .filter(line -> line.startsWith("meridian: ready after"))
                .forEach(line -> Figures.add("start of " + members.size() + " processes", line.substring(10)));
    }

    /** Runs a command of the CLI that works on this platform's data folder. */
    Ended meridian(String command, String... arguments) throws IOException, InterruptedException {
        // At the end, since what comes first may be the name of another command.
        return CommandLine.meridian(
                Stream.of(Stream.of(command), Stream.of(arguments), Stream.of("--data", data.toString()))
                        .flatMap(each -> each)
                        .toList());
    }

    /** What {@code status} says now. */
    List<Member> members() throws IOException, InterruptedException {
        var status = meridian("status", "--json").output();
        return JsonParser.parseString(status).getAsJsonObject().getAsJsonArray("processes").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(Member::of)
                .toList();
    }

    /** The process of this kind at this place, as it was when the platform was started. */
    Member member(String kind, String place) {
        return members.stream()
                .filter(member -> member.kind().equals(kind) && member.place().equals(place))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + kind + " at " + place));
    }

    /** The process of this kind at this place as it is now: after a restart it is another one. */
    Member current(String kind, String place) throws IOException, InterruptedException {
        return members().stream()
                .filter(member -> member.kind().equals(kind) && member.place().equals(place))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + kind + " at " + place));
    }

    /** Places of all zones. */
    List<String> zones() {
        return members.stream()
                .filter(member -> member.kind().equals("zone-gateway"))
                .map(Member::place)
                .toList();
    }

    /** Places of all nodes. */
    List<String> nodes() {
        return members.stream()
                .filter(member -> member.kind().equals("node"))
                .map(Member::place)
                .toList();
    }

    /** Names of the regions. */
    List<String> regions() {
        return members.stream()
                .filter(member -> member.kind().equals("haproxy"))
                .map(Member::place)
                .toList();
    }

    /** The processes of Meridian itself. */
    List<Member> deployables() {
        return members.stream()
                .filter(member ->
                        !member.kind().equals("etcd") && !member.kind().equals("haproxy"))
                .toList();
    }

    /** Where clients reach this very node. */
    int portOfNode(String place) {
        return member("node", place).port() + DIRECT_PORT_OFFSET;
    }

    /** Where devices connect in the region. */
    int portOfRegion(String region) {
        return member("haproxy", region).port();
    }

    /** Where a browser finds the console. */
    URI console() {
        return URI.create("http://127.0.0.1:" + (basePort + CONSOLE_PORT_OFFSET) + "/");
    }

    int basePort() {
        return basePort;
    }

    int clientPort() {
        return basePort + CLIENT_PORT_OFFSET;
    }

    /** A client that is connected to this very node. */
    Device connect(String node) {
        return Device.connect(node, portOfNode(node));
    }

    /** The same, and its session goes on for a minute without it. */
    Device connectToStay(String node) {
        return Device.connectToStay(node, portOfNode(node));
    }

    /** A connection of a client to this very node, whose session goes on with it. */
    Device goOn(String node, String clientId) {
        return Device.goOn(node, portOfNode(node), clientId);
    }

    /** Stops it, and removes its data, unless the system property {@code meridian.system.keep} says {@code true}. */
    @Override
    public void close() throws IOException {
        down();
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
        if (Boolean.getBoolean("meridian.system.keep")) {
            System.out.println("kept, with the logs: " + data);
            return;
        }
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void down() throws IOException {
        try {
            var ended = meridian("down");
            if (ended.exitCode() != 0) {
                throw new IllegalStateException("the platform did not stop: " + ended.output() + ended.errors());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: the platform may still run with the data in " + data, e);
        }
    }

    private void downAtExit() {
        try {
            down();
        } catch (IOException e) {
            throw new UncheckedIOException("the platform may still run with the data in " + data, e);
        }
    }

    /** The last lines of every process. */
    String logTails() throws IOException {
        var tails = new StringBuilder();
        try (var files = Files.walk(data)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                var lines = Files.readAllLines(file);
                tails.append("--- ").append(data.relativize(file)).append('\n');
                lines.stream()
                        .skip(Math.max(0, lines.size() - LOG_LINES))
                        .forEach(line -> tails.append(line).append('\n'));
            }
        }
        return tails.toString();
    }

    /** Below the ports that the kernel gives to outgoing connections; two thousand apart, which is a platform of two regions. */
    private static int freeBasePort() {
        return IntStream.iterate(22_000, base -> base < 32_000, base -> base + 2_000)
                .filter(base -> IntStream.of(0, 10, 1_010, 110, CLIENT_PORT_OFFSET, 1_000 + CLIENT_PORT_OFFSET)
                        .allMatch(offset -> isFree(base + offset)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no ports are free: too many platforms run already"));
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
