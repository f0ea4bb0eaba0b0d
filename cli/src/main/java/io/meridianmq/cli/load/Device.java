package io.meridianmq.cli.load;

import io.meridianmq.cli.load.mqtt.Client;
import io.meridianmq.cli.load.mqtt.ClientListener;
import io.meridianmq.cli.load.mqtt.ClientSettings;
import io.meridianmq.cli.load.mqtt.ClientSettings.Filter;
import io.meridianmq.cli.load.mqtt.Network;
import io.meridianmq.cli.load.mqtt.Publish;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** A simulated device: it publishes readings when it is told to, and answers commands. Belongs to the event loop. */
final class Device implements ClientListener {

    /** Token of replies and greetings, of which nobody keeps account here: the commander does, and the rehearsal. */
    private static final long NOT_COUNTED = -1;

    /** Tokens of readings are their number and, in the lowest bits, their QoS. */
    private static final int QOS_BITS = 2;

    private final int number;
    private final String region;
    private final String name;
    private final Topics topics;
    private final String telemetryTopic;
    private final Telemetry telemetry;
    private final Instruments instruments;
    private final Client client;

    /** Counts its connections: what was sent on one arrives in order. */
    private int connection;

    private long readySinceNanos;

    /**
     * @param number from 0, the account's
     * @param region where it is
     */
    Device(
            int number,
            String region,
            InetSocketAddress broker,
            FleetSettings settings,
            Network network,
            Instruments instruments,
            RandomGenerator random) {
        this.number = number;
        this.region = region;
        this.name = nameOf(region, number);
        this.topics = settings.topics();
        this.telemetryTopic = topics.telemetry(region, name);
        this.telemetry = new Telemetry(name, Kind.of(number), random);
        this.instruments = instruments;
        this.client = network.client(
                new ClientSettings(
                        "fleet-" + topics.run() + "-" + name,
                        0,
                        settings.keepAliveSeconds(),
                        List.of(new Filter(topics.commands(region, name), 1))),
                broker,
                this,
                random);
    }

    static String nameOf(String region, int number) {
        return region + "-%05d".formatted(number);
    }

    Client client() {
        return client;
    }

    String region() {
        return region;
    }

    String name() {
        return name;
    }

    /** Whether it has been connected and subscribed since then. */
    boolean isReadySince(long nanos) {
        return client.isReady() && readySinceNanos - nanos <= 0;
    }

    /** A reading is due. */
    void publish(int qos, long dueNanos, long nowNanos) {
        var ledger = instruments.ledger();
        if (!client.canPublish(qos) || !ledger.hasRoom(number, qos)) {
            ledger.notSent(qos);
            return;
        }
        var reading = ledger.plan(number, qos);
        var payload = telemetry.next(qos, reading, instruments.clock().epochMicros(dueNanos));
        client.publish(new Publish(reading << QOS_BITS | qos, telemetryTopic, payload, qos), nowNanos);
    }

    /** Greets at QoS 0 and at the highest QoS of the fleet, so far as it can. */
    void greet(int highestQos, long nowNanos) {
        for (var qos : highestQos == 0 ? new int[] {0} : new int[] {0, highestQos}) {
            if (client.isReady() && client.canPublish(qos)) {
                var greeting = "{" + Rehearsal.KEY + qos + "}";
                client.publish(
                        new Publish(
                                NOT_COUNTED,
                                topics.hello(region, name),
                                greeting.getBytes(StandardCharsets.ISO_8859_1),
                                qos),
                        nowNanos);
            }
        }
    }

    @Override
    public void onReady(boolean isSessionPresent, long nowNanos) {
        connection++;
        readySinceNanos = nowNanos;
        instruments.troubles().connected(name, millis(nowNanos));
    }

    @Override
    public void onDown(String reason, long heardNanos, long nowNanos) {
        instruments.troubles().connectionLost(name, reason, millis(nowNanos));
        instruments.commands().deviceDown(number);
    }

    @Override
    public void onAttemptFailed(String reason, long nowNanos) {
        instruments.troubles().attemptFailed(name, reason);
    }

    @Override
    public void onSent(long token, long nowNanos) {
        if (token != NOT_COUNTED) {
            instruments.ledger().sent(number, qosOf(token), token >> QOS_BITS, connection, millis(nowNanos));
        }
    }

    @Override
    public void onAcknowledged(long token, long nowNanos) {
        if (token != NOT_COUNTED) {
            instruments.ledger().acknowledged(number, qosOf(token), token >> QOS_BITS, millis(nowNanos));
        }
    }

    @Override
    public void onRefused(long token, int reasonCode, long nowNanos) {
        if (token != NOT_COUNTED) {
            instruments.ledger().refused(number, qosOf(token), token >> QOS_BITS, millis(nowNanos));
        }
    }

    @Override
    public void onAbandoned(long token, long nowNanos) {
        if (token != NOT_COUNTED) {
            instruments.ledger().abandoned(number, qosOf(token), token >> QOS_BITS, millis(nowNanos));
        }
    }

    @Override
    public void onHeard(long nowNanos) {}

    /** A command, or a greeting: it is answered at once. */
    @Override
    public void onMessage(String topic, ByteBuf payload, long nowNanos) {
        var text = payload.toString(StandardCharsets.ISO_8859_1);
        for (var key : new String[] {Commands.KEY, Rehearsal.KEY}) {
            var number = Telemetry.numberAfter(key, text);
            if (number >= 0) {
                answer(topic, key, number, nowNanos);
            }
        }
    }

    private void answer(String topic, String key, long number, long nowNanos) {
        if (client.canPublish(1)) {
            var reply = "{" + key + number + ",\"device\":\"" + name + "\",\"done\":true}";
            client.publish(
                    new Publish(
                            NOT_COUNTED,
                            topics.replies(Topics.senderOf(topic)),
                            reply.getBytes(StandardCharsets.ISO_8859_1),
                            1),
                    nowNanos);
        }
    }

    private long millis(long nanos) {
        return instruments.clock().millis(nanos);
    }

    private static int qosOf(long token) {
        return (int) (token & (1 << QOS_BITS) - 1);
    }
}
