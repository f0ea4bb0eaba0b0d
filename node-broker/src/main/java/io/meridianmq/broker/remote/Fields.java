package io.meridianmq.broker.remote;

import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The pieces that messages are made of. Numbers are big-endian, text is UTF-8 behind its length in two bytes. */
final class Fields {

    private Fields() {}

    /** Reads what follows the first byte. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Kind kind, ByteBuf in);
    }

    /**
     * Reads a whole body.
     *
     * @throws MalformedMessageException if it is not what the reader makes of it
     */
    static <T> T read(CanonicalBytes body, Reader<T> reader) {
        var kind = Kind.of(body);
        var in = Unpooled.wrappedBuffer(body.asByteBuffer()).skipBytes(1);
        try {
            var message = reader.read(kind, in);
            if (in.isReadable()) {
                throw new MalformedMessageException(in.readableBytes() + " bytes too many in " + kind);
            }
            return message;
        } catch (ProtocolException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new MalformedMessageException(kind + " cannot be read: " + e.getMessage());
        }
    }

    static MalformedMessageException misplaced(Kind kind) {
        return new MalformedMessageException(kind + " goes the other way");
    }

    /** Starts a body of about so many bytes; if it is exactly so many, they are not copied again. */
    static ByteBuf start(Kind kind, int sizeBytes) {
        return Unpooled.buffer(sizeBytes).writeByte(kind.code());
    }

    static byte[] finish(ByteBuf out) {
        return ByteBufUtil.getBytes(out, 0, out.writerIndex(), false);
    }

    static byte[] acknowledgement(Kind kind, Acknowledgement packet) {
        return finish(start(kind, 4)
                .writeShort(packet.packetIdentifier())
                .writeByte(packet.reasonCode().code()));
    }

    static Acknowledgement acknowledgement(Acknowledgement.Type type, ByteBuf in) {
        return new Acknowledgement(type, in.readUnsignedShort(), reasonCode(in));
    }

    static void writeText(ByteBuf out, String text) {
        var at = out.writerIndex();
        out.writeShort(0);
        var length = ByteBufUtil.writeUtf8(out, text);
        assert length <= 0xFFFF : length;
        out.setShort(at, length);
    }

    static String text(ByteBuf in) {
        return in.readString(in.readUnsignedShort(), StandardCharsets.UTF_8);
    }

    static void writeFilters(ByteBuf out, List<TopicFilter> filters) {
        filters.forEach(filter -> writeText(out, filter.text()));
    }

    /** As many as there are to the end. */
    static List<TopicFilter> filters(ByteBuf in) {
        var filters = new ArrayList<TopicFilter>();
        while (in.isReadable()) {
            filters.add(TopicFilter.of(text(in)));
        }
        return filters;
    }

    static void writeReasonCodes(ByteBuf out, List<ReasonCode> reasonCodes) {
        reasonCodes.forEach(reasonCode -> out.writeByte(reasonCode.code()));
    }

    /** As many as there are to the end. */
    static List<ReasonCode> reasonCodes(ByteBuf in) {
        var reasonCodes = new ArrayList<ReasonCode>();
        while (in.isReadable()) {
            reasonCodes.add(reasonCode(in));
        }
        return reasonCodes;
    }

    static ReasonCode reasonCode(ByteBuf in) {
        var code = in.readUnsignedByte();
        return ReasonCode.find(code)
                .orElseThrow(() -> new MalformedMessageException("reason code " + code + " is unknown"));
    }

    static CloseReason closeReason(ByteBuf in) {
        var code = in.readUnsignedByte();
        return Stream.of(CloseReason.values())
                .filter(reason -> reason.reasonCode() == code)
                .findFirst()
                .orElseThrow(() -> new MalformedMessageException("nothing is closed for reason " + code));
    }
}
