package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
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
import io.meridianmq.proto.link.v1.LinkFrame;
import java.io.IOException;
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
    private final byte[] wire = new byte[4_096];
    private Frame frame;
    private ByteString received;

    /** Makes the publication. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
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
        received = ByteString.copyFrom(wire, 0, encode());
    }

    /** To bytes; returns how many. */
    @Benchmark
    public int encode() throws IOException {
        var encoded = encoder.encode(frame, WALL_MILLIS);
        var out = CodedOutputStream.newInstance(wire);
        encoded.writeTo(out);
        return out.getTotalBytesWritten();
    }

    /** From bytes. */
    @Benchmark
    public Frame decode() throws InvalidProtocolBufferException {
        return decoder.decode(LinkFrame.parseFrom(received), WALL_MILLIS);
    }
}
