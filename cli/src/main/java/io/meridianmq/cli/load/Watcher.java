package io.meridianmq.cli.load;

import io.meridianmq.cli.load.account.Arrival;
import io.meridianmq.cli.load.mqtt.Client;
import io.meridianmq.cli.load.mqtt.ClientListener;
import io.meridianmq.cli.load.mqtt.ClientSettings;
import io.meridianmq.cli.load.mqtt.ClientSettings.Filter;
import io.meridianmq.cli.load.mqtt.Network;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Gets the telemetry of all regions at one of them, with a session that outlives its connection. Belongs to the event loop.
 */
final class Watcher implements ClientListener {

    /** How long its session waits for it. */
    private static final int SESSION_EXPIRY_SECONDS = 600;

    /** Short, so that it is soon known whether a watcher that hears nothing is still connected. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private final int number;
    private final String region;
    private final Map<String, Integer> devicesByTopic;
    private final List<String> regionsOfDevices;
    private final Instruments instruments;
    private final Client client;
    private boolean wasReady;

    /**
     * @param number from 0, the account's
     * @param devicesByTopic the number of the device that publishes readings, or greets, on a topic
     * @param regionsOfDevices the region of each device
     */
    Watcher(
            int number,
            Endpoint endpoint,
            Map<String, Integer> devicesByTopic,
            List<String> regionsOfDevices,
            FleetSettings settings,
            Network network,
            Instruments instruments,
            RandomGenerator random) {
        this.number = number;
        this.region = endpoint.region();
        this.devicesByTopic = devicesByTopic;
        this.regionsOfDevices = regionsOfDevices;
        this.instruments = instruments;
        var topics = settings.topics();
        this.client = network.client(
                new ClientSettings(
                        "fleet-" + topics.run() + "-watcher-" + region,
                        SESSION_EXPIRY_SECONDS,
                        KEEP_ALIVE_SECONDS,
                        List.of(new Filter(topics.everything(), settings.mix().highest()))),
                endpoint.socketAddress(),
                this,
                random);
    }

    Client client() {
        return client;
    }

    String region() {
        return region;
    }

    @Override
    public void onReady(boolean isSessionPresent, long nowNanos) {
        if (wasReady) {
            instruments.ledger().back(number, isSessionPresent, millis(nowNanos));
        }
        wasReady = true;
        instruments.troubles().connected("watcher " + region, millis(nowNanos));
    }

    @Override
    public void onDown(String reason, long heardNanos, long nowNanos) {
        instruments.troubles().connectionLost("watcher " + region, reason, millis(nowNanos));
        instruments.ledger().away(number, millis(heardNanos), millis(nowNanos));
    }

    @Override
    public void onAttemptFailed(String reason, long nowNanos) {
        instruments.troubles().attemptFailed("watcher " + region, reason);
    }

    @Override
    public void onHeard(long nowNanos) {
        instruments.ledger().heard(number, millis(nowNanos));
    }

    @Override
    public void onMessage(String topic, ByteBuf payload, long nowNanos) {
        var device = devicesByTopic.get(topic);
        var greeting = Telemetry.numberAfter(Rehearsal.KEY, payload.toString(StandardCharsets.ISO_8859_1));
        if (device != null && greeting >= 0) {
            instruments.rehearsal().heard(device, number, (int) greeting);
            return;
        }
        var head = Telemetry.headOf(payload);
        if (device == null || head.equals(Telemetry.Head.NONE)) {
            instruments.ledger().notUnderstood();
            return;
        }
        var dueNanos = instruments.clock().nanos(head.dueMicros());
        var arrival = instruments.ledger().received(number, device, head.qos(), head.number(), millis(dueNanos));
        if (arrival == Arrival.FIRST || arrival == Arrival.LATE) {
            var latency =
                    regionsOfDevices.get(device).equals(region) ? instruments.inRegion() : instruments.acrossRegions();
            latency.record(nowNanos - dueNanos);
        }
    }

    @Override
    public void onSent(long token, long nowNanos) {}

    @Override
    public void onAcknowledged(long token, long nowNanos) {}

    @Override
    public void onRefused(long token, int reasonCode, long nowNanos) {}

    @Override
    public void onAbandoned(long token, long nowNanos) {}

    private long millis(long nanos) {
        return instruments.clock().millis(nanos);
    }
}
