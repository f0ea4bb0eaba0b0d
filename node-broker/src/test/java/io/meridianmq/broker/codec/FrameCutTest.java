package io.meridianmq.broker.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ReasonCode;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameCutTest {

    @ParameterizedTest
    @CsvSource({
        "'', -1",
        "C0, -1",
        "C0 00, 2",
        "30 7F, 129",
        "30 80, -1",
        "30 80 01, 131",
        "30 FF 7F, 16386",
        "30 80 80, -1",
        "30 80 80 01, 16388",
        "30 FF FF 7F, 2097155",
        "30 80 80 80, -1",
        "30 80 80 80 01, 2097157",
        "30 FF FF FF 7F, 268435460"
    })
    void tellsTheLengthAsSoonAsItIsThere(String bytes, int length) {
        var in = Unpooled.wrappedBuffer(Bytes.parse(bytes));
        assertThat(FrameCut.frameLength(in, Packet.SIZE_MAX)).isEqualTo(length);
        assertThat(in.readerIndex()).isZero();
    }

    /** [MQTT-3.2.2-15] */
    @Test
    void refusesWhatIsLargerThanAcceptedBeforeItHasArrived() {
        var in = Unpooled.wrappedBuffer(Bytes.parse("30 09"));
        assertThat(FrameCut.frameLength(in, 11)).isEqualTo(11);
        var refusal = catchThrowableOfType(ProtocolException.class, () -> FrameCut.frameLength(in, 10));
        assertThat(refusal.reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }
}
