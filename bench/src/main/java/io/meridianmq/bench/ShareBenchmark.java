package io.meridianmq.bench;

import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** One more holder of a message, and its release. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls publish() before anything else.
public class ShareBenchmark {

    /** Size of the message. */
    @Param({"100", "65536"})
    public int payloadBytes;

    private Publication publication;

    /** Makes the message. */
    @Setup(Level.Trial)
    public void publish() {
        var version = ProtocolVersion.MQTT_5;
        var frame = Messages.frame(version, "plant/17", Qos.AT_MOST_ONCE, 0, payloadBytes);
        var packet = PacketDecoder.ofClientPackets(new TopicCache(), version).decode(frame, frame.readableBytes());
        publication = Messages.publication("plant/17", PublishFrame.of((PublishPacket) packet));
    }

    /** By the thread that has the message. */
    @Benchmark
    public void withinLoop() {
        publication.share().release();
    }

    /** By two threads at the same time. */
    @Benchmark
    @Threads(2)
    public void acrossLoops() {
        publication.share().release();
    }
}
