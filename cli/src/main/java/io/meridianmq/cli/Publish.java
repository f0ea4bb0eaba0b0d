package io.meridianmq.cli;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code meridian pub}. */
@Command(
        name = "pub",
        header = "Publish messages with MQTT 5.",
        description = "Publishes the message of -m, the content of the file of -f, or each line of standard input.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every message was sent; with QoS 1 and 2, acknowledged",
            "1:no connection, or a message was refused",
            "2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian pub -t plant/7/temp -m 21.5",
            "  Retained, at least once, through the second region:",
            "    ./meridian pub -p 2883 -t plant/7/state -m on -r -q 1",
            "  One message for each line, with a user property:",
            "    seq 1000 | ./meridian pub -t plant/7/count -q 1 -D source=seq",
            "  Clear a retained message:",
            "    ./meridian pub -t plant/7/state -r -m ''"
        })
final class Publish implements Callable<Integer> {

    // How many messages of standard input may wait for their acknowledgement.
    private static final int INFLIGHT_MAX = 1_000;

    @Mixin
    private BrokerConnection broker = new BrokerConnection();

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            required = true)
    private String topic = "";

    @ArgGroup
    private @Nullable Payload payload;

    private static final class Payload {
        @Option(
                names = {"-m", "--message"},
                paramLabel = "TEXT",
                description = "The message.")
        private @Nullable String message;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "A file whose content is the message.")
        private @Nullable Path file;
    }

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "0|1|2",
            defaultValue = "0",
            converter = QosConverter.class,
            description = "Default: ${DEFAULT-VALUE}.")
    private MqttQos qos = MqttQos.AT_MOST_ONCE;

    @Option(
            names = {"-r", "--retain"},
            description = "The broker keeps the message for later subscribers.")
    private boolean retain;

    @Option(
            names = {"-D", "--property"},
            paramLabel = "NAME=VALUE",
            converter = UserProperty.Converter.class,
            description = "A user property of the message. May be repeated.")
    private List<UserProperty> properties = List.of();

    @Option(
            names = "--expiry",
            paramLabel = "SECONDS",
            description = "The message is worth delivering for this long. Default: for ever.")
    private @Nullable Long expirySeconds;

    private final Semaphore inflight = new Semaphore(INFLIGHT_MAX);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            var template = template();
            var client = broker.client().buildAsync();
            client.connect(broker.connect().build()).join();
            publishAll(client, template);
            inflight.acquire(INFLIGHT_MAX);
            client.disconnect().join();
        } catch (CompletionException e) {
            fail(e);
        } catch (IllegalArgumentException e) {
            System.err.println("meridian: pub: " + e.getMessage());
            return ExitCode.USAGE;
        }
        var failed = failure.get();
        if (failed == null) {
            return ExitCode.OK;
        }
        System.err.println("meridian: pub: " + broker.explain(failed));
        return ExitCode.SOFTWARE;
    }

    /** The message without its payload. */
    private Mqtt5Publish template() {
        var publish = Mqtt5Publish.builder()
                .topic(topic)
                .qos(qos)
                .retain(retain)
                .userProperties(UserProperty.packetOf(properties));
        return expirySeconds == null
                ? publish.build()
                : publish.messageExpiryInterval(expirySeconds).build();
    }

    private void publishAll(Mqtt5AsyncClient client, Mqtt5Publish template) throws IOException, InterruptedException {
        if (payload != null && payload.message != null) {
            publish(client, template, payload.message.getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (payload != null && payload.file != null) {
            publish(client, template, Files.readAllBytes(payload.file));
            return;
        }
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null && failure.get() == null; line = lines.readLine()) {
            publish(client, template, line.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void publish(Mqtt5AsyncClient client, Mqtt5Publish template, byte[] message) throws InterruptedException {
        inflight.acquire();
        // What fails is kept for the end by onResult.
        var _ = client.publish(template.extend().payload(message).build()).whenComplete(this::onResult);
    }

    private void onResult(@Nullable Mqtt5PublishResult result, @Nullable Throwable thrown) {
        if (thrown != null) {
            fail(thrown);
        } else if (result != null) {
            result.getError().ifPresent(this::fail);
        }
        inflight.release();
    }

    private void fail(Throwable thrown) {
        var cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        failure.compareAndSet(null, cause == null ? thrown : cause);
    }
}
