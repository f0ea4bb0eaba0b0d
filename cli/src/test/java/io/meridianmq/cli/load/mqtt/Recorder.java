package io.meridianmq.cli.load.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client sends and tells, as text in order. */
final class Recorder implements ClientOutlet, ClientListener {

    private final List<String> events = new ArrayList<>();
    private boolean isWritable = true;

    /** What happened since the last call. */
    List<String> take() {
        var taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    void setWritable(boolean writable) {
        isWritable = writable;
    }

    @Override
    public void open() {
        events.add("open");
    }

    @Override
    public void close() {
        events.add("close");
    }

    @Override
    public boolean isWritable() {
        return isWritable;
    }

    @Override
    public void send(MqttMessage packet) {
        var type = packet.fixedHeader().messageType();
        switch (packet) {
            case MqttPublishMessage publish -> {
                events.add("PUBLISH %d%s q%d %s"
                        .formatted(
                                publish.variableHeader().packetId(),
                                publish.fixedHeader().isDup() ? " dup" : "",
                                publish.fixedHeader().qosLevel().value(),
                                publish.payload().toString(StandardCharsets.UTF_8)));
                publish.release();
            }
            default ->
                events.add(
                        packet.variableHeader() instanceof MqttMessageIdVariableHeader identified
                                ? type + " " + identified.messageId()
                                : type.toString());
        }
    }

    @Override
    public void onReady(boolean isSessionPresent, long nowNanos) {
        events.add("ready " + isSessionPresent);
    }

    @Override
    public void onDown(String reason, long heardNanos, long nowNanos) {
        events.add("down: " + reason);
    }

    @Override
    public void onAttemptFailed(String reason, long nowNanos) {
        events.add("failed: " + reason);
    }

    @Override
    public void onSent(long token, long nowNanos) {
        events.add("sent " + token);
    }

    @Override
    public void onAcknowledged(long token, long nowNanos) {
        events.add("acknowledged " + token);
    }

    @Override
    public void onRefused(long token, int reasonCode, long nowNanos) {
        events.add("refused %d with 0x%02x".formatted(token, reasonCode));
    }

    @Override
    public void onAbandoned(long token, long nowNanos) {
        events.add("abandoned " + token);
    }

    @Override
    public void onHeard(long nowNanos) {}

    @Override
    public void onMessage(String topic, ByteBuf payload, long nowNanos) {
        events.add("message " + topic + " " + payload.toString(StandardCharsets.UTF_8));
    }
}
