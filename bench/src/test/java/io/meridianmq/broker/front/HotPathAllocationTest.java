package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.bench.WithoutLeakDetection;
import io.meridianmq.broker.codec.FrameCut;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.digest.DigestBuilder;
import io.meridianmq.digest.DigestLimits;
import io.meridianmq.digest.DigestSettings;
import io.meridianmq.digest.RemoteDigest;
import io.meridianmq.topic.MatchSink;
import io.meridianmq.topic.SharedGroup;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the message path may allocate, in bytes of heap. */
@ExtendWith(WithoutLeakDetection.class)
final class HotPathAllocationTest {

    private static final int PAYLOAD_BYTES = 256;

    /** The packet and its reader: a topic that is that of the packet before costs nothing. */
    private static final int DECODED_MAX = 80;

    /** Packet, frame, publication and its identity, whoever gets it. */
    private static final int PUBLISHED_MAX = 208;

    /** For each of many subscribers: nothing of the broker's, and of what Netty keeps unused objects in hardly anything. */
    private static final double DELIVERED_MAX = 0.1;

    /** For what happens seldom. */
    private static final double ROUNDING = 0.5;

    @Test
    void decodesWithOneObject() throws Exception {
        var frame = new Audience(0, Qos.AT_MOST_ONCE).burst(1, Qos.AT_MOST_ONCE, PAYLOAD_BYTES);
        var decoder = PacketDecoder.ofClientPackets(new TopicCache(), Audience.VERSION);

        var bytes = bytesPerRun(() -> {
            frame.readerIndex(0);
            var packet = decoder.decode(frame, FrameCut.frameLength(frame, Packet.SIZE_MAX));
            ((PublishPacket) packet).release();
        });

        assertThat(bytes).isLessThan(DECODED_MAX + ROUNDING);
        frame.release();
    }

    @Test
    void publishesToOneSubscriber() throws Exception {
        assertThat(bytesToPublish(1, 5_000)).isLessThan(PUBLISHED_MAX + ROUNDING);
    }

    @Test
    void furtherSubscribersCostNextToNothing() throws Exception {
        assertThat(bytesToPublish(1_000, 50)).isLessThan(PUBLISHED_MAX + 1_000 * DELIVERED_MAX);
    }

    private static double bytesToPublish(int subscribers, int runs) throws Exception {
        return LoopThread.call(() -> {
            var audience = new Audience(subscribers, Qos.AT_MOST_ONCE);
            var packet = audience.burst(1, Qos.AT_MOST_ONCE, PAYLOAD_BYTES);
            var before = audience.bytes();
            var bytes = Allocated.perRun(runs, () -> audience.publish(packet));
            assertThat(audience.bytes() - before)
                    .as("bytes delivered")
                    .isEqualTo((long) Allocated.ROUNDS * runs * subscribers * packet.readableBytes());
            packet.release();
            audience.close();
            return bytes;
        });
    }

    private static double bytesPerRun(Runnable work) throws Exception {
        return LoopThread.call(() -> Allocated.perRun(10_000, work));
    }

    @Test
    void matchesWithoutAllocating() throws Exception {
        var trie = new SubscriptionTrie<Integer>();
        for (var i = 0; i < 10_000; i++) {
            var end = i % 3 == 0 ? "/+" : i % 3 == 1 ? "/#" : "/temperature";
            trie.add(TopicFilter.of("site/" + i / 100 + "/device/" + i % 100 + end), i);
            trie.add(TopicFilter.of("$share/group/site/" + i / 100 + "/device/" + i % 100 + end), i);
        }
        var found = new int[1];
        MatchSink<Object> count = _ -> found[0]++;
        MatchSink<SharedGroup<Integer>> countGroup = _ -> found[0]++;

        var bytes = bytesPerRun(() -> {
            trie.match("site/17/device/3/temperature", count);
            trie.matchGroups("site/17/device/3/temperature", countGroup);
        });

        assertThat(bytes).isLessThan(ROUNDING);
        assertThat(found[0]).isPositive();
    }

    @Test
    void probesDigestWithoutAllocating() throws Exception {
        var builder = new DigestBuilder(
                new DigestSettings(10_000, 25, 1_000, 1_000, 1_000, 1_000),
                () -> LongStream.empty().iterator(),
                1);
        builder.addLiteral(TopicHash.ofLiteral("site/17"), 0);
        var digest = new RemoteDigest(DigestLimits.DEFAULT);
        var snapshot = builder.snapshot();
        for (var i = 0; i < snapshot.chunks(); i++) {
            digest.accept(snapshot.chunk(i));
        }
        var key = TopicHash.ofLiteral("site/18");

        assertThat(bytesPerRun(() -> digest.mightContain(key))).isLessThan(ROUNDING);
    }
}
