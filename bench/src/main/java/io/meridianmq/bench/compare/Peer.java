package io.meridianmq.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A broker that is compared. All keep everything in memory; what differs from their defaults is said in {@link #remark}. */
enum Peer {
    MERIDIAN("Meridian", "as packaged; heap 1 GB") {
        @Override
        List<String> command(Workplace workplace, int port, Path folder) {
            return List.of(
                    workplace.meridian().toString(),
                    "broker",
                    "--port",
                    "" + port,
                    "--data",
                    folder.resolve("data") + "");
        }

        @Override
        Map<String, String> environment() {
            return Map.of("MERIDIAN_JAVA_OPTS", HEAP, "MERIDIAN_LOG_LEVEL", "WARN");
        }
    },
    MOSQUITTO("Mosquitto", "as packaged by Debian; without its store") {
        @Override
        Optional<String> missing(Workplace workplace) {
            return Workplace.program("mosquitto").isPresent()
                    ? Optional.empty()
                    : Optional.of("there is no program mosquitto: apt-get install mosquitto");
        }

        @Override
        List<String> command(Workplace workplace, int port, Path folder) {
            var file = write(folder.resolve("mosquitto.conf"), """
                    listener %d 127.0.0.1
                    allow_anonymous true
                    persistence false
                    log_type error
                    """.formatted(port));
            return List.of(Workplace.program("mosquitto").orElseThrow().toString(), "-c", file.toString());
        }
    },
    HIVEMQ("HiveMQ CE", "embedded, persistence in memory; heap 1 GB") {
        @Override
        Optional<String> missing(Workplace workplace) {
            return workplace.missingClassPath("hivemq");
        }

        @Override
        List<String> command(Workplace workplace, int port, Path folder) {
            write(folder.resolve("config.xml"), """
                    <hivemq>
                      <listeners><tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener></listeners>
                      <persistence><mode>in-memory</mode></persistence>
                      <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                    </hivemq>
                    """.formatted(port));
            return workplace.javaPeer("hivemq", "HiveMq.java", List.of(HEAP), folder.toString());
        }
    },
    MOQUETTE("Moquette", "without its store, queues of 65,536 events since 1,024 would drop messages; heap 1 GB") {
        @Override
        Optional<String> missing(Workplace workplace) {
            return workplace.missingClassPath("moquette");
        }

        @Override
        List<String> command(Workplace workplace, int port, Path folder) {
            return workplace.javaPeer("moquette", "Moquette.java", List.of(HEAP), "" + port, folder.toString());
        }
    },
    RELAY("bare relay", "the limit: no sessions, no wildcards, QoS 0 alone") {
        @Override
        boolean acknowledges() {
            return false;
        }

        @Override
        List<String> command(Workplace workplace, int port, Path folder) {
            return List.of(workplace.bench().resolve("relay").toString(), "--port", "" + port);
        }
    };

    private static final String HEAP = "-Xmx1g";

    private final String title;
    private final String remark;

    Peer(String title, String remark) {
        this.title = title;
        this.remark = remark;
    }

    /** The command that starts it; {@code folder} is empty and its own. */
    abstract List<String> command(Workplace workplace, int port, Path folder);

    /** Why it cannot be started on this machine, if so. */
    Optional<String> missing(Workplace workplace) {
        return Optional.empty();
    }

    Map<String, String> environment() {
        return Map.of();
    }

    /** Whether it knows QoS 1 and 2. */
    boolean acknowledges() {
        return true;
    }

    String title() {
        return title;
    }

    /** How it is set up. */
    String remark() {
        return remark;
    }

    boolean takes(Load load) {
        return acknowledges() || !load.needsAcknowledgements();
    }

    /** The peer of a {@link #title}. */
    static Peer titled(String title) {
        return Arrays.stream(values())
                .filter(peer -> peer.title.equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no peer \"" + title + "\""));
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
