package io.meridianmq.fabric.link;

import io.meridianmq.bench.Messages;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.mesh.CanonicalFrames;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A QoS 0 publication made into what a link carries, and read from it at the other end: this node's part of a hop without
 * gRPC, TLS and the network. {@code LinkBenchmark} has all of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class FramingBenchmark {

    private static final long WALL_MILLIS = 1_800_000_000_000L;

    @Param("256")
    public int payloadBytes;

    private final FrameEncoder encoder = new FrameEncoder(new CanonicalFrames(), new PlaceTexts());
    private final FrameDecoder decoder = new FrameDecoder(new CanonicalFrames(), new PlaceTexts());
    private final ByteBuf batch = Unpooled.buffer(4_096);
    private Frame frame;
    private ByteBuf received;

    /** Makes the publication. */
    @Setup(Level.Trial)
    public void fill() {
        var topic = "plant/17/line/3/temperature";
        var bytes = Messages.frame(ProtocolVersion.MQTT_5, topic, Qos.AT_MOST_ONCE, 0, payloadBytes);
        var packet = PacketDecoder.ofClientPackets(new TopicCache(), ProtocolVersion.MQTT_5)
                .decode(bytes, bytes.readableBytes());
        frame = new Frame.Forward(
                Place.node("us", "a", "1"),
                Messages.publication(topic, PublishFrame.of((PublishPacket) packet)),
                List.of(Place.node("us", "a", "2")),
                List.of(),
                0);
        encode();
        var fields = new ProtoReader(batch);
        fields.tag();
        var encoded = fields.bytes();
        received = new CanonicalFrames().batch(encoded.readableBytes()).writeBytes(encoded);
    }

    /** To bytes; returns how many. */
    @Benchmark
    public int encode() {
        batch.clear();
        encoder.append(batch, frame, WALL_MILLIS);
        return batch.writerIndex();
    }

    /** From bytes. */
    @Benchmark
    public Frame decode() {
        var decoded = decoder.decode(new ProtoReader(received), WALL_MILLIS);
        Shares.release(decoded);
        return decoded;
    }
}
