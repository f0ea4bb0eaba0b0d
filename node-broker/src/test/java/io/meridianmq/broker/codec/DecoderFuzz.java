package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * What a fuzzer feeds with bytes: the decoder of either side in every version, and the encoder with what came out.
 *
 * <p>Nothing but a {@link ProtocolException} may come of bytes, no reference may be left, no more than a few times the input
 * may be allocated, and what is understood is written and read again to the same packet.
 */
public final class DecoderFuzz {

    private record Kind(Sender sender, ProtocolVersion version) {}

    /** The first byte chooses one. */
    private static final List<Kind> KINDS = Arrays.stream(ProtocolVersion.values())
            .flatMap(version -> Arrays.stream(Sender.values()).map(sender -> new Kind(sender, version)))
            .toList();

    private static final int PACKET_SIZE_MAX = 1 << 20;
    private static final long ALLOCATED_MAX = 1 << 20;
    private static final int ALLOCATED_PER_BYTE_MAX = 1_000;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private DecoderFuzz() {}

    /** Called by the fuzzer, again and again. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var kind = KINDS.get(Math.floorMod(input[0], KINDS.size()));
        var most = ALLOCATED_MAX + (long) ALLOCATED_PER_BYTE_MAX * input.length;
        if (allocated(kind, input) > most) {
            var again = allocated(kind, input); // The first time, classes may have been loaded.
            if (again > most) {
                throw new AssertionError(again + " bytes allocated for " + input.length);
            }
        }
    }

    private static long allocated(Kind kind, byte[] input) {
        var before = THREADS.getCurrentThreadAllocatedBytes();
        decodeAll(kind.sender, kind.version, Unpooled.wrappedBuffer(input, 1, input.length - 1));
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** What an input of bytes begins with to be read so. */
    static byte kind(Sender sender, ProtocolVersion version) {
        return (byte) KINDS.indexOf(new Kind(sender, version));
    }

    private static void decodeAll(Sender sender, ProtocolVersion version, ByteBuf in) {
        var decoder = Decoders.of(sender, version);
        try {
            while (in.isReadable()) {
                var length = FrameCut.frameLength(in, PACKET_SIZE_MAX);
                if (length == FrameCut.INCOMPLETE || length > in.readableBytes()) {
                    break;
                }
                check(sender, decoder.version(), decoder.decode(in, length));
            }
        } catch (ProtocolException e) {
            if (e.reasonCode().code() < 0x80) {
                throw new AssertionError("refused without a reason", e);
            }
        }
        if (in.refCnt() != 1) {
            throw new AssertionError(in.refCnt() + " references are left");
        }
    }

    private static void check(Sender sender, ProtocolVersion version, Packet packet) {
        if (packet instanceof PublishPacket publish) {
            checkPublish(publish);
            return;
        }
        var bytes = Unpooled.buffer();
        if (!PacketEncoder.unlimited(version).encode(packet, bytes)) {
            throw new AssertionError("cannot be written: " + packet);
        }
        var again = Decoders.decode(Decoders.of(sender, version), bytes);
        if (!again.equals(packet)) {
            throw new AssertionError("became " + again + ": " + packet);
        }
    }

    private static void checkPublish(PublishPacket packet) {
        PublishPropertiesDecoder.read(packet);
        if (packet.topic().isEmpty()) {
            packet.release();
            return;
        }
        var frame = PublishFrame.of(packet);
        var canonical = Unpooled.buffer();
        frame.writeCanonical(canonical);
        var read = PublishFrame.ofCanonical(canonical, new TopicCache());
        if (!read.topic().equals(frame.topic()) || read.payloadLength() != frame.payloadLength()) {
            throw new AssertionError("became " + read + ": " + frame);
        }
        read.release();
        frame.release();
    }
}
