package io.meridianmq.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Packets in, packets out, however they are cut. */
class ConnectionTest {

    private static final String CONNECT = "100d00044d5154540402003c000161";

    private final Topics topics = new Topics();
    private final ArrayList<Runnable> endOfIteration = new ArrayList<>();
    private final Flushes flushes = new Flushes(endOfIteration::add);

    @Test
    void forwardsAMessageToEverybodyWhoSubscribedToItsTopic() {
        var publisher = connected();
        var first = subscribed("a/b");
        var second = subscribed("a/b");
        var other = subscribed("a/c");

        receive(publisher, publish("a/b", "hello"));

        assertThat(sent(first)).isEqualTo(publish("a/b", "hello"));
        assertThat(sent(second)).isEqualTo(publish("a/b", "hello"));
        assertThat(sent(other)).isEmpty();
    }

    @Test
    void forwardsMessagesThatCameInPiecesOfAnySize() {
        var stream = publish("a", "x".repeat(200)) + publish("a", "y") + "c000" + publish("a", "z".repeat(130));
        for (var piece = 1; piece <= stream.length() / 2; piece++) {
            var publisher = connected();
            var subscriber = subscribed("a");
            for (var at = 0; at < stream.length(); at += 2 * piece) {
                receive(publisher, stream.substring(at, Math.min(stream.length(), at + 2 * piece)));
            }
            assertThat(sent(subscriber)).as("pieces of %d bytes", piece).isEqualTo(stream.replace("c000", ""));
            assertThat(sent(publisher)).isEqualTo("d000");
            var _ = subscriber.close();
        }
    }

    @Test
    void flushesAConnectionOnceForAllThatCameInOneIteration() {
        var publisher = connected();
        var subscriber = subscribed("a");
        publisher.writeInbound(bytes(publish("a", "1")));
        publisher.writeInbound(bytes(publish("a", "2")));

        assertThat(subscriber.<ByteBuf>readOutbound()).isNull();
        assertThat(endOfIteration).hasSize(1);
        endIteration();
        assertThat(sent(subscriber)).isEqualTo(publish("a", "1") + publish("a", "2"));
    }

    @Test
    void forgetsSubscribersThatHaveGone() {
        var publisher = connected();
        var subscriber = subscribed("a");
        receive(publisher, publish("a", "1"));
        var _ = subscriber.close();
        receive(publisher, publish("a", "2"));
        assertThat(topics.subscribers("a")).isEmpty();
        assertThat(topics.missed()).isZero();
    }

    @Test
    void refusesAWildcardAndAnotherProtocolVersion() {
        var subscriber = connected();
        receive(subscriber, subscribe("a/#"));
        assertThat(sent(subscriber)).isEqualTo("9003000180");

        var other = new EmbeddedChannel(new Connection(topics, flushes));
        receive(other, CONNECT.replace("4d51545404", "4d51545405"));
        assertThat(sent(other)).isEqualTo("20020001");
        assertThat(other.isActive()).isFalse();
    }

    @Test
    void closesAConnectionThatSendsWhatItDoesNotUnderstand() {
        var publisher = connected();
        receive(publisher, "32050001610001");
        assertThat(publisher.isActive()).isFalse();
    }

    private EmbeddedChannel connected() {
        var channel = new EmbeddedChannel(new Connection(topics, flushes));
        receive(channel, CONNECT);
        assertThat(sent(channel)).isEqualTo("20020000");
        return channel;
    }

    private EmbeddedChannel subscribed(String topic) {
        var channel = connected();
        receive(channel, subscribe(topic));
        assertThat(sent(channel)).isEqualTo("9003000100");
        return channel;
    }

    private void receive(EmbeddedChannel channel, String hex) {
        channel.writeInbound(bytes(hex));
        endIteration();
    }

    private void endIteration() {
        endOfIteration.forEach(Runnable::run);
        endOfIteration.clear();
    }

    private static String sent(EmbeddedChannel channel) {
        var all = new StringBuilder();
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            all.append(ByteBufUtil.hexDump(buffer));
            buffer.release();
        }
        return all.toString();
    }

    private static String publish(String topic, String payload) {
        var body = Unpooled.buffer().writeShort(topic.length());
        body.writeCharSequence(topic + payload, StandardCharsets.UTF_8);
        var length = body.readableBytes();
        var head =
                length < 128 ? "30%02x".formatted(length) : "30%02x%02x".formatted((length & 0x7F) | 0x80, length >> 7);
        return head + ByteBufUtil.hexDump(body);
    }

    private static String subscribe(String filter) {
        var body = Unpooled.buffer().writeShort(1).writeShort(filter.length());
        body.writeCharSequence(filter, StandardCharsets.UTF_8);
        body.writeByte(0);
        return "82%02x".formatted(body.readableBytes()) + ByteBufUtil.hexDump(body);
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }
}
