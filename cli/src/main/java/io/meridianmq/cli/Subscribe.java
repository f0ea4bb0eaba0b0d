package io.meridianmq.cli;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code meridian sub}. */
@Command(
        name = "sub",
        header = "Subscribe with MQTT 5 and print what arrives.",
        description = "Prints the payload of each message on a line of its own until Ctrl-C, --count or --timeout.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:--count messages were received",
            "1:no connection, the subscription was refused, the connection was lost, or --timeout was reached first",
            "2:wrong usage",
            "130:stopped with Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian sub -t 'plant/+/temp' -v",
            "  Topic and payload of ten messages in the second region, for a script:",
            "    ./meridian sub -p 2883 -t '#' -C 10 --json | jq -r '.topic, .payload'",
            "  A session that outlives the connection by an hour, to be continued:",
            "    ./meridian sub -i gauge -t 'plant/#' -q 1 --session-expiry 3600",
            "  As one member of a group that shares the messages:",
            "    ./meridian sub -t '$share/workers/plant/#'"
        })
final class Subscribe implements Callable<Integer> {

    @Mixin
    private BrokerConnection broker = new BrokerConnection();

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "FILTER",
            required = true,
            description = "A topic filter. May be repeated.")
    private List<String> topicFilters = List.of();

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "0|1|2",
            defaultValue = "0",
            converter = QosConverter.class,
            description = "Highest QoS to receive with. Default: ${DEFAULT-VALUE}.")
    private MqttQos qos = MqttQos.AT_MOST_ONCE;

    @Option(
            names = {"-D", "--property"},
            paramLabel = "NAME=VALUE",
            converter = UserProperty.Converter.class,
            description = "A user property of the subscription. May be repeated.")
    private List<UserProperty> properties = List.of();

    @Option(
            names = {"-C", "--count"},
            paramLabel = "N",
            defaultValue = "" + Long.MAX_VALUE,
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
            description = "Exit after N messages.")
    private long count;

    @Option(
            names = {"-W", "--timeout"},
            paramLabel = "SECONDS",
            description = "Exit after this long, whatever has arrived.")
    private @Nullable Long timeoutSeconds;

    @Option(
            names = "--session-expiry",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long the session, with its subscriptions and queue, outlives the connection; above 0 an "
                    + "existing session is continued, and -i is needed. Default: ${DEFAULT-VALUE}.")
    private long sessionExpirySeconds;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print the topic before the payload.")
    private boolean verbose;

    @Option(names = "--json", description = "Print each message as one JSON object on one line.")
    private boolean json;

    /** Completed when there is nothing more to wait for. */
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** Messages printed so far; only the client's own thread touches it. */
    private long received;

    @Override
    public Integer call() throws InterruptedException {
        if (sessionExpirySeconds > 0 && !broker.hasClientIdentifier()) {
            System.err.println(
                    "meridian: sub: --session-expiry needs -i: a session is found again by its client" + " identifier");
            return ExitCode.USAGE;
        }
        try {
            receive();
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            System.err.println("meridian: sub: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (ExecutionException e) {
            System.err.println("meridian: sub: " + broker.explain(e.getCause() == null ? e : e.getCause()));
        } catch (TimeoutException _) {
            System.err.println("meridian: sub: " + timeoutSeconds + " s have passed");
        }
        return ExitCode.SOFTWARE;
    }

    private void receive() throws InterruptedException, ExecutionException, TimeoutException {
        var client =
                broker.client().addDisconnectedListener(this::onDisconnected).buildAsync();
        var subscribe = Mqtt5Subscribe.builder()
                .addSubscriptions(topicFilters.stream().map(this::subscription).toList())
                .userProperties(UserProperty.packetOf(properties))
                .build();
        // Before the connection: messages of a continued session arrive at once.
        client.publishes(MqttGlobalPublishFilter.ALL, this::onMessage);
        client.connect(broker.connect()
                        .cleanStart(sessionExpirySeconds == 0)
                        .sessionExpiryInterval(sessionExpirySeconds)
                        .build())
                .get();
        client.subscribe(subscribe).get();
        if (timeoutSeconds == null) {
            end.get();
        } else {
            end.get(timeoutSeconds, TimeUnit.SECONDS);
        }
        client.disconnect().get();
    }

    private Mqtt5Subscription subscription(String topicFilter) {
        return Mqtt5Subscription.builder().topicFilter(topicFilter).qos(qos).build();
    }

    private void onMessage(Mqtt5Publish publish) {
        if (received >= count) {
            return;
        }
        received++;
        if (json) {
            System.out.println(ReceivedMessage.toJson(publish));
        } else {
            System.out.println((verbose ? publish.getTopic() + " " : "")
                    + new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8));
        }
        if (received == count) {
            end.complete(null);
        }
    }

    private void onDisconnected(MqttClientDisconnectedContext context) {
        if (context.getSource() != MqttDisconnectSource.USER) {
            end.completeExceptionally(context.getCause());
        }
    }
}
