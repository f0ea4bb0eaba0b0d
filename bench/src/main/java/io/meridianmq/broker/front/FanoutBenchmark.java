package io.meridianmq.broker.front;

import io.meridianmq.bench.Messages;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A PUBLISH of QoS 0 from the bytes of its publisher to the flushed channels of its subscribers: everything that a broker
 * does but for the system calls. 256 bytes of payload, version 3.1.1.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls connect() before anything else.
public class FanoutBenchmark {

    private static final ProtocolVersion VERSION = ProtocolVersion.MQTT_3_1_1;
    private static final String TOPIC = "plant/17/line/3/temperature";

    /** Clients that get the message. */
    @Param({"1", "10", "100", "1000", "5000"})
    public int subscribers;

    private final LoneNode node = new LoneNode();
    private final List<SinkChannel> channels = new ArrayList<>();
    private SinkChannel publisher;
    private ByteBuf frame;
    private long published;
    private long bytesBefore;

    /** Everybody connects and subscribes. */
    @Setup(Level.Trial)
    public void connect() {
        for (var i = 0; i < subscribers; i++) {
            var channel = node.connect(VERSION, "subscriber-%09d".formatted(i));
            node.subscribe(channel, VERSION, TOPIC, Qos.AT_MOST_ONCE);
            channels.add(channel);
        }
        publisher = node.connect(VERSION, "publisher");
        frame = Messages.frame(VERSION, TOPIC, Qos.AT_MOST_ONCE, 0, 256);
    }

    /** Counts from here on. */
    @Setup(Level.Iteration)
    public void startCounting() {
        published = 0;
        bytesBefore = bytes();
    }

    /** One message to everybody. */
    @Benchmark
    public void publish() {
        node.receive(publisher, frame.retainedSlice());
        published++;
    }

    /** Everybody must have had everything. */
    @TearDown(Level.Iteration)
    public void check() {
        var expected = published * subscribers * frame.readableBytes();
        if (bytes() - bytesBefore != expected) {
            throw new IllegalStateException(
                    "subscribers got " + (bytes() - bytesBefore) + " bytes instead of " + expected);
        }
    }

    private long bytes() {
        return channels.stream().mapToLong(SinkChannel::bytes).sum();
    }
}
