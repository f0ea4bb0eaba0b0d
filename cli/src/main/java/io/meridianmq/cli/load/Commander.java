package io.meridianmq.cli.load;

import io.meridianmq.cli.load.mqtt.Client;
import io.meridianmq.cli.load.mqtt.ClientListener;
import io.meridianmq.cli.load.mqtt.ClientSettings;
import io.meridianmq.cli.load.mqtt.ClientSettings.Filter;
import io.meridianmq.cli.load.mqtt.Network;
import io.meridianmq.cli.load.mqtt.Publish;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** Sends commands from its region to devices, wherever these are, and gets their replies. Belongs to the event loop. */
final class Commander implements ClientListener {

    /** Token of a greeting. */
    private static final long NOT_COUNTED = -1;

    private final String region;
    private final Topics topics;
    private final Instruments instruments;
    private final Client client;
    private long readySinceNanos;

    Commander(
            Endpoint endpoint,
            FleetSettings settings,
            Network network,
            Instruments instruments,
            RandomGenerator random) {
        this.region = endpoint.region();
        this.topics = settings.topics();
        this.instruments = instruments;
        this.client = network.client(
                new ClientSettings(
                        "fleet-" + topics.run() + "-commander-" + region,
                        0,
                        settings.keepAliveSeconds(),
                        List.of(new Filter(topics.replies(region), 1))),
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

    /** Whether it has been connected and subscribed since then. */
    boolean isReadySince(long nanos) {
        return client.isReady() && readySinceNanos - nanos <= 0;
    }

    void command(Device device, int number, long dueNanos, long nowNanos) {
        if (client.canPublish(1)) {
            var command = instruments.commands().send(number, region, dueNanos);
            var payload = "{" + Commands.KEY + command + ",\"set\":\"interval\",\"seconds\":1}";
            client.publish(
                    new Publish(
                            command,
                            topics.command(device.region(), device.name(), region),
                            payload.getBytes(StandardCharsets.ISO_8859_1),
                            1),
                    nowNanos);
        }
    }

    /** Greets a device, which answers. */
    void greet(Device device, int number, long nowNanos) {
        if (client.isReady() && client.canPublish(1)) {
            var payload = "{" + Rehearsal.KEY + number + "}";
            client.publish(
                    new Publish(
                            NOT_COUNTED,
                            topics.command(device.region(), device.name(), region),
                            payload.getBytes(StandardCharsets.ISO_8859_1),
                            1),
                    nowNanos);
        }
    }

    @Override
    public void onReady(boolean isSessionPresent, long nowNanos) {
        readySinceNanos = nowNanos;
        instruments
                .troubles()
                .connected("commander " + region, instruments.clock().millis(nowNanos));
    }

    @Override
    public void onDown(String reason, long heardNanos, long nowNanos) {
        instruments
                .troubles()
                .connectionLost(
                        "commander " + region, reason, instruments.clock().millis(nowNanos));
        instruments.commands().commanderDown(region);
    }

    @Override
    public void onAttemptFailed(String reason, long nowNanos) {
        instruments.troubles().attemptFailed("commander " + region, reason);
    }

    @Override
    public void onAcknowledged(long token, long nowNanos) {
        instruments.commands().acknowledged(token);
    }

    @Override
    public void onMessage(String topic, ByteBuf payload, long nowNanos) {
        var text = payload.toString(StandardCharsets.ISO_8859_1);
        var greeted = Telemetry.numberAfter(Rehearsal.KEY, text);
        if (greeted >= 0) {
            instruments.rehearsal().answered((int) greeted);
        } else {
            instruments.commands().answered(Telemetry.numberAfter(Commands.KEY, text), nowNanos);
        }
    }

    @Override
    public void onSent(long token, long nowNanos) {}

    @Override
    public void onRefused(long token, int reasonCode, long nowNanos) {}

    @Override
    public void onAbandoned(long token, long nowNanos) {}

    @Override
    public void onHeard(long nowNanos) {}
}
