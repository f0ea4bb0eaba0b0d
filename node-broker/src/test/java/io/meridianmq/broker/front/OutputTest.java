package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.PingrespPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.meridianmq.broker.packet.SubackPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutputTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ArrayDeque<Runnable> endOfIteration = new ArrayDeque<>();
    private final Traffic traffic = new Traffic();
    private final Output output = new Output(
            channel,
            new Loop(0, Runnable::run, endOfIteration::add),
            traffic,
            PacketEncoder.unlimited(ProtocolVersion.MQTT_5));

    @Test
    void flushesOnceForEachIterationOfTheLoop() {
        output.write(PingrespPacket.INSTANCE);
        output.write(PingrespPacket.INSTANCE);
        assertThat(written()).isEmpty();
        endOfIteration.forEach(Runnable::run);
        assertThat(endOfIteration).hasSize(1);
        assertThat(written()).isEqualTo("d000d000");
        assertThat(traffic.packetsSent()).isEqualTo(2);
        assertThat(traffic.bytesSent()).isEqualTo(4);
    }

    /** What another loop had on its way to the client when the connection ended. [MQTT-3.14.4-1] */
    @Test
    void writesNothingBehindTheLastPacket() {
        var _ = output.writeLast(new DisconnectPacket(ReasonCode.SERVER_BUSY, DisconnectProperties.NONE));
        output.write(PingrespPacket.INSTANCE);
        endOfIteration.forEach(Runnable::run);
        assertThat(written()).isEqualTo("e00189");
        assertThat(traffic.packetsSent()).isOne();
    }

    @Test
    void answersShareOneBuffer() {
        for (var i = 0; i < 100; i++) {
            output.write(PingrespPacket.INSTANCE);
        }
        endOfIteration.forEach(Runnable::run);
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(written()).isEqualTo("d000".repeat(100));
    }

    @Test
    void anAnswerTooLargeForTheClientLeavesThoseBeforeIt() {
        output.encoder(new PacketEncoder(ProtocolVersion.MQTT_5, 4, true));
        var tooLarge = new SubackPacket(7, List.of(ReasonCode.SUCCESS, ReasonCode.SUCCESS), ReasonProperties.NONE);
        output.write(tooLarge);
        output.write(PingrespPacket.INSTANCE);
        output.write(tooLarge);
        endOfIteration.forEach(Runnable::run);
        assertThat(written()).isEqualTo("d000");
        assertThat(traffic.packetsSent()).isOne();
    }

    @Test
    void answersForAConnectionThatHasEndedAreLetGo() {
        output.write(PingrespPacket.INSTANCE);
        channel.close().awaitUninterruptibly();
        endOfIteration.forEach(Runnable::run);
        assertThat(written()).isEmpty();
        channel.checkException();
    }

    private String written() {
        var all = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.append(ByteBufUtil.hexDump(bytes));
            bytes.release();
        }
        return all.toString();
    }
}
