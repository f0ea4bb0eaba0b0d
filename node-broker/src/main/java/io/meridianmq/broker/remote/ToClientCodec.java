package io.meridianmq.broker.remote;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import java.time.InstantSource;

/** {@link ToClient} as bytes. A message is its canonical form behind a small head. Belongs to one thread. */
public final class ToClientCodec {

    /** The front passes the message on and does nothing else with it: it need not know where it is from. */
    private static final PublicationId NO_IDENTITY = new PublicationId(0, 0, 0);

    private static final int DUPLICATE = 4;
    private static final int RETAIN = 8;
    private static final int EXPIRES = 16;
    private static final int IDENTIFIERS = 32;

    private static final int LAST_PART = 1;
    private static final int ENDS_CONNECTION = 2;

    private final InstantSource clock;
    private final TopicCache topics = new TopicCache();

    /** @param clock the wall clock, by which messages expire */
    public ToClientCodec(InstantSource clock) {
        this.clock = clock;
    }

    /** Writes a message; a publication is borrowed for the call. */
    public byte[] write(ToClient message) {
        return switch (message) {
            case Acknowledgement packet ->
                Fields.acknowledgement(
                        switch (packet.type()) {
                            case PUBACK -> Kind.SESSION_PUBACK;
                            case PUBREC -> Kind.SESSION_PUBREC;
                            case PUBREL -> Kind.SESSION_PUBREL;
                            case PUBCOMP -> Kind.SESSION_PUBCOMP;
                        },
                        packet);
            case ToClient.ForClient packet -> Fields.finish(write(packet));
            case ToClient.ForConnection word -> Fields.finish(write(word));
        };
    }

    /**
     * Reads a message.
     *
     * @throws MalformedMessageException if it is none
     */
    public ToClient read(CanonicalBytes body) {
        return Fields.read(body, this::read);
    }

    private ByteBuf write(ToClient.ForClient packet) {
        return switch (packet) {
            case ToClient.Deliver deliver -> write(deliver);
            case ToClient.SubAck ack -> {
                var out =
                        Fields.start(Kind.SUBACK, 3 + ack.reasonCodes().size()).writeShort(ack.packetIdentifier());
                Fields.writeReasonCodes(out, ack.reasonCodes());
                yield out;
            }
            case ToClient.UnsubAck ack -> {
                var out = Fields.start(Kind.UNSUBACK, 3 + ack.reasonCodes().size())
                        .writeShort(ack.packetIdentifier());
                Fields.writeReasonCodes(out, ack.reasonCodes());
                yield out;
            }
        };
    }

    private ByteBuf write(ToClient.Deliver deliver) {
        var publication = deliver.publication();
        var frame = (PublishFrame) publication.bytes();
        var expires = publication.expiresAtMillis() != Publication.NEVER;
        var identifiers = deliver.subscriptionIdentifiers();
        var size = 4
                + (expires ? Long.BYTES : 0)
                + (identifiers.isEmpty() ? 0 : Short.BYTES + Integer.BYTES * identifiers.length())
                + frame.canonicalSize();
        var out = Fields.start(Kind.DELIVER, size);
        out.writeByte(deliver.qos().value()
                | (deliver.duplicate() ? DUPLICATE : 0)
                | (deliver.retain() ? RETAIN : 0)
                | (expires ? EXPIRES : 0)
                | (identifiers.isEmpty() ? 0 : IDENTIFIERS));
        out.writeShort(deliver.packetIdentifier());
        if (expires) {
            out.writeLong(Math.max(0, publication.expiresAtMillis() - clock.millis())); // Clocks differ: what is left.
        }
        if (!identifiers.isEmpty()) {
            out.writeShort(identifiers.length());
            identifiers.forEach(out::writeInt);
        }
        frame.writeCanonical(out);
        return out;
    }

    private static ByteBuf write(ToClient.ForConnection word) {
        return switch (word) {
            case ToClient.Opened opened ->
                Fields.start(Kind.OPENED, 6)
                        .writeBoolean(opened.sessionPresent())
                        .writeInt((int) opened.sessionExpirySeconds());
            case ToClient.Refuse refuse ->
                Fields.start(Kind.REFUSE, 2).writeByte(refuse.reasonCode().code());
            case ToClient.DealtWith dealtWith ->
                Fields.start(Kind.DEALT_WITH, 5).writeInt(dealtWith.packetBytes());
            case ToClient.Filters filters -> {
                var out = Fields.start(Kind.FILTERS, 64);
                out.writeByte(
                        (filters.isLastPart() ? LAST_PART : 0) | (filters.endsConnection() ? ENDS_CONNECTION : 0));
                Fields.writeFilters(out, filters.filters());
                yield out;
            }
            case ToClient.Close close ->
                Fields.start(Kind.CLOSE, 2).writeByte(close.reason().reasonCode());
        };
    }

    private ToClient read(Kind kind, ByteBuf in) {
        return switch (kind) {
            case OPENED -> new ToClient.Opened(in.readBoolean(), in.readUnsignedInt());
            case REFUSE -> new ToClient.Refuse(Fields.reasonCode(in));
            case DELIVER -> deliver(in);
            case SUBACK -> new ToClient.SubAck(in.readUnsignedShort(), Fields.reasonCodes(in));
            case UNSUBACK -> new ToClient.UnsubAck(in.readUnsignedShort(), Fields.reasonCodes(in));
            case SESSION_PUBACK -> Fields.acknowledgement(Acknowledgement.Type.PUBACK, in);
            case SESSION_PUBREC -> Fields.acknowledgement(Acknowledgement.Type.PUBREC, in);
            case SESSION_PUBREL -> Fields.acknowledgement(Acknowledgement.Type.PUBREL, in);
            case SESSION_PUBCOMP -> Fields.acknowledgement(Acknowledgement.Type.PUBCOMP, in);
            case DEALT_WITH -> new ToClient.DealtWith(in.readInt());
            case FILTERS -> {
                var flags = in.readByte();
                yield new ToClient.Filters(
                        Fields.filters(in), (flags & LAST_PART) != 0, (flags & ENDS_CONNECTION) != 0);
            }
            case CLOSE -> new ToClient.Close(Fields.closeReason(in));
            case ATTACH,
                    PUBLISH,
                    REFUSE_PUBLISH,
                    SUBSCRIBE,
                    UNSUBSCRIBE,
                    CLIENT_PUBACK,
                    CLIENT_PUBREC,
                    CLIENT_PUBREL,
                    CLIENT_PUBCOMP,
                    CREDIT,
                    TOO_LARGE,
                    ASK_FILTERS,
                    WITHDRAW,
                    EXPELLED,
                    GONE,
                    BEQUEATH,
                    ARRIVED -> throw Fields.misplaced(kind);
        };
    }

    private ToClient.Deliver deliver(ByteBuf in) {
        var flags = in.readByte();
        var packetIdentifier = in.readUnsignedShort();
        var expiresAtMillis = (flags & EXPIRES) == 0 ? Publication.NEVER : clock.millis() + in.readLong();
        var identifiers = (flags & IDENTIFIERS) == 0 ? ImmutableIntArray.of() : identifiers(in);
        var frame = PublishFrame.ofCanonical(in.slice(), topics);
        in.skipBytes(in.readableBytes());
        var qos = Qos.of(flags & 3);
        var retain = (flags & RETAIN) != 0;
        var publication = new Publication(NO_IDENTITY, 0, 0, frame.topic(), qos, retain, expiresAtMillis, frame);
        return new ToClient.Deliver(publication, qos, packetIdentifier, (flags & DUPLICATE) != 0, retain, identifiers);
    }

    private static ImmutableIntArray identifiers(ByteBuf in) {
        var identifiers = ImmutableIntArray.builder();
        for (var left = in.readUnsignedShort(); left > 0; left--) {
            identifiers.add(in.readInt());
        }
        return identifiers.build();
    }
}
