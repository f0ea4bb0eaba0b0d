package io.meridianmq.broker.front;

import io.meridianmq.bench.Messages;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** A node with one publisher and some clients that all want what it publishes. Used by one thread at a time. */
final class Audience implements AutoCloseable {

    static final ProtocolVersion VERSION = ProtocolVersion.MQTT_3_1_1;

    private static final String TOPIC = "plant/17/line/3/temperature";

    private final LoneNode node;
    private final ByteBufAllocator allocator;
    private final SinkChannel publisher;
    private final List<SinkChannel> subscribers = new ArrayList<>();

    Audience(int count, Qos qos) {
        this(count, qos, PooledByteBufAllocator.DEFAULT);
    }

    Audience(int count, Qos qos, ByteBufAllocator allocator) {
        this.node = new LoneNode(allocator);
        this.allocator = allocator;
        this.publisher = node.connect(VERSION, "publisher");
        for (var i = 0; i < count; i++) {
            var subscriber = node.connect(VERSION, "subscriber-" + i);
            node.subscribe(subscriber, VERSION, TOPIC, qos);
            subscribers.add(subscriber);
        }
    }

    SinkChannel publisher() {
        return publisher;
    }

    List<SinkChannel> subscribers() {
        return subscribers;
    }

    /** Bytes written to all subscribers until now. */
    long bytes() {
        return subscribers.stream().mapToLong(SinkChannel::bytes).sum();
    }

    /** PUBLISH packets, one behind the other, with packet identifiers from 1 if they have any. */
    ByteBuf burst(int packets, Qos qos, int payloadBytes) {
        var all = allocator.directBuffer();
        for (var i = 1; i <= packets; i++) {
            var identifier = qos == Qos.AT_MOST_ONCE ? 0 : i;
            var one = Messages.frame(VERSION, TOPIC, qos, identifier, payloadBytes);
            all.writeBytes(one);
            one.release();
        }
        return all;
    }

    /** The publisher sends these bytes, which the caller keeps. */
    void publish(ByteBuf packets) {
        node.receive(publisher, packets.retainedSlice());
    }

    /** Everybody leaves. */
    @Override
    public void close() {
        node.disconnect(publisher);
        subscribers.forEach(node::disconnect);
    }
}
