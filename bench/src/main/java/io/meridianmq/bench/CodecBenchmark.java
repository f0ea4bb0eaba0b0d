package io.meridianmq.bench;

import io.meridianmq.broker.codec.FrameCut;
import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
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
 * A PUBLISH with 256 bytes of payload: read from bytes, and made into what one subscriber is sent.
 *
 * <p>Results are released at once, as they are when the network has taken them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls encode() before anything else.
public class CodecBenchmark {

    private static final int PAYLOAD_BYTES = 256;

    /** Version of both clients. */
    @Param({"MQTT_3_1_1", "MQTT_5"})
    public ProtocolVersion version;

    private final ByteBuf[] frames = new ByteBuf[2];
    private final OutgoingPublish how = new OutgoingPublish();
    private PacketDecoder decoder;
    private PublishFrame atMostOnce;
    private int next;

    /** Makes the frames. */
    @Setup(Level.Trial)
    public void encode() {
        decoder = PacketDecoder.ofClientPackets(new TopicCache(), version);
        for (var i = 0; i < frames.length; i++) {
            var topic = "plant/17/line/" + i + "/temperature";
            frames[i] = Messages.frame(version, topic, Qos.AT_MOST_ONCE, 0, PAYLOAD_BYTES);
        }
        atMostOnce = PublishFrame.of(decode(frames[0]));
    }

    /** Reads a PUBLISH of a client that keeps to one topic. */
    @Benchmark
    public int decodeSameTopic() {
        return decodeAndRelease(frames[0]);
    }

    /** Reads a PUBLISH of a client that changes its topic each time. */
    @Benchmark
    public int decodeAnotherTopic() {
        next ^= 1;
        return decodeAndRelease(frames[next]);
    }

    /** What a subscriber of the same version gets at QoS 0: the frame as it came. */
    @Benchmark
    public int encodeWhole() {
        how.start(version, Qos.AT_MOST_ONCE, 0);
        if (!atMostOnce.isWhole(how)) {
            throw new IllegalStateException("nothing in this frame has to be changed");
        }
        var whole = atMostOnce.whole();
        var size = atMostOnce.packetSize(how) + whole.readableBytes();
        whole.release();
        return size;
    }

    /** What a subscriber gets at QoS 1: a head of its own, and the shared tail. */
    @Benchmark
    public int encodeWithHead() {
        how.start(version, Qos.AT_LEAST_ONCE, 17);
        var head = atMostOnce.head(how, PooledByteBufAllocator.DEFAULT);
        var tail = atMostOnce.tail(version);
        var size = atMostOnce.packetSize(how) + head.readableBytes() + tail.readableBytes();
        head.release();
        tail.release();
        return size;
    }

    private int decodeAndRelease(ByteBuf frame) {
        var packet = decode(frame);
        var length = packet.payloadLength();
        packet.release();
        return length;
    }

    private PublishPacket decode(ByteBuf frame) {
        frame.readerIndex(0);
        return (PublishPacket) decoder.decode(frame, FrameCut.frameLength(frame, Packet.SIZE_MAX));
    }
}
