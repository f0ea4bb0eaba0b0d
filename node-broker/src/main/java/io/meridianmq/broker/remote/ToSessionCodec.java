package io.meridianmq.broker.remote;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.codec.FrameCut;
import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.Departure;
import io.meridianmq.core.session.Opening;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@link ToSession} as bytes. PUBLISH, SUBSCRIBE and UNSUBSCRIBE are packets of MQTT 5, whatever version the client
 * speaks; the rest is shorter. Belongs to one thread.
 */
public final class ToSessionCodec {

    private static final PacketEncoder PACKETS = PacketEncoder.unlimited(ProtocolVersion.MQTT_5);

    private static final int CLEAN_START = 1;
    private static final int CONTINUES = 2;
    private static final int WILL = 4;
    private static final int RETAIN = 4;
    private static final int PUBLISHED_QOS_SHIFT = 3;
    private static final long NEVER = -1;

    private final PacketDecoder decoder = PacketDecoder.ofClientPackets(new TopicCache(), ProtocolVersion.MQTT_5);
    private final OutgoingPublish how = new OutgoingPublish();
    private final TopicCache topics = new TopicCache();
    private final InstantSource clock;

    /** @param clock the wall clock, by which messages expire */
    public ToSessionCodec(InstantSource clock) {
        this.clock = clock;
    }

    /** Writes a message. A PUBLISH is released by this call. */
    public byte[] write(ToSession message) {
        return switch (message) {
            case Acknowledgement packet ->
                Fields.acknowledgement(
                        switch (packet.type()) {
                            case PUBACK -> Kind.CLIENT_PUBACK;
                            case PUBREC -> Kind.CLIENT_PUBREC;
                            case PUBREL -> Kind.CLIENT_PUBREL;
                            case PUBCOMP -> Kind.CLIENT_PUBCOMP;
                        },
                        packet);
            case ToSession.OfClient packet -> write(packet);
            case ToSession.OfConnection word -> write(word);
            case ToSession.Bequeath bequeath -> write(bequeath);
        };
    }

    /**
     * Reads a message.
     *
     * @throws MalformedMessageException if it is none
     */
    public ToSession read(CanonicalBytes body) {
        return Fields.read(body, this::read);
    }

    private byte[] write(ToSession.OfClient packet) {
        return switch (packet) {
            case ToSession.Publish publish -> write(publish);
            case ToSession.RefusePublish refused ->
                Fields.finish(Fields.start(Kind.REFUSE_PUBLISH, 9)
                        .writeByte(refused.qos().value())
                        .writeShort(refused.packetIdentifier())
                        .writeByte(refused.reasonCode().code())
                        .writeInt(refused.packetBytes()));
            case ToSession.Subscribe subscribe -> {
                var out = Fields.start(Kind.SUBSCRIBE, 16 + subscribe.packetBytes())
                        .writeInt(subscribe.packetBytes());
                PACKETS.encode(subscribe.packet(), out);
                Fields.writeReasonCodes(out, subscribe.verdicts());
                yield Fields.finish(out);
            }
            case ToSession.Unsubscribe unsubscribe -> {
                var out = Fields.start(Kind.UNSUBSCRIBE, 64);
                PACKETS.encode(unsubscribe.packet(), out);
                yield Fields.finish(out);
            }
        };
    }

    private byte[] write(ToSession.Publish publish) {
        var packet = publish.packet();
        how.start(ProtocolVersion.MQTT_5, packet.qos(), packet.packetIdentifier())
                .retain(packet.retain())
                .expirySeconds(packet.messageExpiryIntervalSeconds());
        if (packet.duplicate()) {
            how.duplicate();
        }
        var frame = PublishFrame.of(packet);
        try {
            var out = Fields.start(Kind.PUBLISH, 5 + frame.packetSize(how)).writeInt(publish.packetBytes());
            frame.write(how, out);
            return Fields.finish(out);
        } finally {
            frame.release();
        }
    }

    /** The publication is borrowed for the call. */
    private byte[] write(ToSession.Bequeath bequeath) {
        var publication = bequeath.publication();
        var frame = (PublishFrame) publication.bytes();
        var identifiers = bequeath.subscriptionIdentifiers();
        var out = Fields.start(Kind.BEQUEATH, 128 + frame.canonicalSize());
        Fields.writeText(out, bequeath.clientId());
        out.writeByte(bequeath.qos().value()
                | (publication.retain() ? RETAIN : 0)
                | publication.qos().value() << PUBLISHED_QOS_SHIFT);
        out.writeShort(bequeath.packetIdentifier());
        var id = publication.id();
        out.writeLong(id.origin()).writeLong(id.boot()).writeLong(id.number());
        out.writeLong(publication.timestamp()).writeLong(publication.publisherHash());
        var expires = publication.expiresAtMillis();
        // Clocks differ: what is left.
        out.writeLong(expires == Publication.NEVER ? NEVER : Math.max(0, expires - clock.millis()));
        out.writeShort(identifiers.length());
        identifiers.forEach(out::writeInt);
        frame.writeCanonical(out);
        return Fields.finish(out);
    }

    private ToSession.Bequeath bequeath(ByteBuf in) {
        var clientId = Fields.text(in);
        var flags = in.readByte();
        var packetIdentifier = in.readUnsignedShort();
        var id = new PublicationId(in.readLong(), in.readLong(), in.readLong());
        var timestamp = in.readLong();
        var publisherHash = in.readLong();
        var leftMillis = in.readLong();
        var identifiers = ImmutableIntArray.builder();
        for (var left = in.readUnsignedShort(); left > 0; left--) {
            identifiers.add(in.readInt());
        }
        var frame = PublishFrame.ofCanonical(in.slice(), topics);
        in.skipBytes(in.readableBytes());
        var publication = new Publication(
                id,
                timestamp,
                publisherHash,
                frame.topic(),
                Qos.of(flags >> PUBLISHED_QOS_SHIFT & 3),
                (flags & RETAIN) != 0,
                leftMillis == NEVER ? Publication.NEVER : clock.millis() + leftMillis,
                frame);
        return new ToSession.Bequeath(clientId, publication, Qos.of(flags & 3), packetIdentifier, identifiers.build());
    }

    private static byte[] write(ToSession.OfConnection word) {
        return Fields.finish(
                switch (word) {
                    case ToSession.Attach attach -> write(attach);
                    case ToSession.Credit credit -> Fields.start(Kind.CREDIT, 9).writeLong(credit.bytes());
                    case ToSession.TooLarge tooLarge ->
                        Fields.start(Kind.TOO_LARGE, 3).writeShort(tooLarge.packetIdentifier());
                    case ToSession.AskFilters ask ->
                        Fields.start(Kind.ASK_FILTERS, 2).writeBoolean(ask.endsConnection());
                    case ToSession.Withdraw withdraw -> {
                        var out = Fields.start(Kind.WITHDRAW, 64).writeBoolean(withdraw.endsConnection());
                        Fields.writeFilters(out, withdraw.filters());
                        yield out;
                    }
                    case ToSession.Expelled expelled ->
                        Fields.start(Kind.EXPELLED, 3)
                                .writeByte(expelled.reason().reasonCode())
                                .writeBoolean(expelled.ends());
                    case ToSession.Gone gone -> {
                        var departure = gone.departure();
                        var out = Fields.start(Kind.GONE, 6)
                                .writeByte(
                                        switch (departure.manner()) {
                                            case NORMAL -> 0;
                                            case WITH_WILL -> 1;
                                            case LOST -> 2;
                                        });
                        departure.sessionExpirySeconds().ifPresent(seconds -> out.writeInt((int) seconds));
                        yield out;
                    }
                });
    }

    private static ByteBuf write(ToSession.Attach attach) {
        var out = Fields.start(Kind.ATTACH, 128);
        var opening = attach.opening();
        out.writeByte((opening.cleanStart() ? CLEAN_START : 0)
                | (attach.continues() ? CONTINUES : 0)
                | (attach.will().isPresent() ? WILL : 0));
        out.writeInt((int) opening.sessionExpirySeconds());
        out.writeShort(opening.receiveMaximum()).writeShort(opening.serverReceiveMaximum());
        out.writeLong(attach.number().epoch()).writeLong(attach.number().counter());
        Fields.writeText(out, attach.clientId());
        var view = attach.view();
        out.writeLong(view.sinceMillis()).writeShort(view.keepAliveSeconds());
        Fields.writeText(out, view.address());
        Fields.writeText(out, view.protocol());
        Fields.writeText(out, view.userName());
        attach.will().ifPresent(will -> {
            out.writeByte(will.qos().value() | (will.retain() ? RETAIN : 0));
            out.writeInt((int) will.delaySeconds()).writeLong(will.messageExpirySeconds());
            out.writeBytes(will.message().asByteBuffer());
        });
        return out;
    }

    private ToSession read(Kind kind, ByteBuf in) {
        return switch (kind) {
            case ATTACH -> attach(in);
            case PUBLISH -> {
                var packetBytes = in.readInt();
                yield new ToSession.Publish(packet(in, PublishPacket.class), packetBytes);
            }
            case REFUSE_PUBLISH ->
                new ToSession.RefusePublish(
                        Qos.of(in.readByte()), in.readUnsignedShort(), Fields.reasonCode(in), in.readInt());
            case SUBSCRIBE -> subscribe(in);
            case UNSUBSCRIBE -> new ToSession.Unsubscribe(packet(in, UnsubscribePacket.class));
            case CLIENT_PUBACK -> Fields.acknowledgement(Acknowledgement.Type.PUBACK, in);
            case CLIENT_PUBREC -> Fields.acknowledgement(Acknowledgement.Type.PUBREC, in);
            case CLIENT_PUBREL -> Fields.acknowledgement(Acknowledgement.Type.PUBREL, in);
            case CLIENT_PUBCOMP -> Fields.acknowledgement(Acknowledgement.Type.PUBCOMP, in);
            case CREDIT -> new ToSession.Credit(in.readLong());
            case TOO_LARGE -> new ToSession.TooLarge(in.readUnsignedShort());
            case ASK_FILTERS -> new ToSession.AskFilters(in.readBoolean());
            case WITHDRAW -> {
                var endsConnection = in.readBoolean();
                yield new ToSession.Withdraw(Fields.filters(in), endsConnection);
            }
            case EXPELLED -> new ToSession.Expelled(Fields.closeReason(in), in.readBoolean());
            case GONE -> new ToSession.Gone(departure(in));
            case BEQUEATH -> bequeath(in);
            case OPENED,
                    REFUSE,
                    DELIVER,
                    SUBACK,
                    UNSUBACK,
                    SESSION_PUBACK,
                    SESSION_PUBREC,
                    SESSION_PUBREL,
                    SESSION_PUBCOMP,
                    DEALT_WITH,
                    FILTERS,
                    CLOSE,
                    ARRIVED -> throw Fields.misplaced(kind);
        };
    }

    private static ToSession.Attach attach(ByteBuf in) {
        var flags = in.readByte();
        var opening = new Opening(
                (flags & CLEAN_START) != 0, in.readUnsignedInt(), in.readUnsignedShort(), in.readUnsignedShort());
        var number = new ConnectionNumber(in.readLong(), in.readLong());
        var clientId = Fields.text(in);
        var sinceMillis = in.readLong();
        var keepAliveSeconds = in.readUnsignedShort();
        var view = new Answer.ConnectionView(
                sinceMillis, Fields.text(in), Fields.text(in), keepAliveSeconds, Fields.text(in));
        var will = (flags & WILL) == 0 ? Optional.<Will>empty() : Optional.of(will(in));
        return new ToSession.Attach(clientId, opening, (flags & CONTINUES) != 0, number, will, view);
    }

    private static Will will(ByteBuf in) {
        var flags = in.readByte();
        var delaySeconds = in.readUnsignedInt();
        var messageExpirySeconds = in.readLong();
        var message = CanonicalBytes.wrap(ByteBufUtil.getBytes(in));
        in.skipBytes(in.readableBytes());
        return new Will(Qos.of(flags & 3), (flags & RETAIN) != 0, delaySeconds, messageExpirySeconds, message);
    }

    private ToSession.Subscribe subscribe(ByteBuf in) {
        var packetBytes = in.readInt();
        var packet = packet(in, SubscribePacket.class);
        var verdicts = Fields.reasonCodes(in);
        if (verdicts.size() != packet.subscriptions().size()) {
            throw new MalformedMessageException(
                    verdicts.size() + " verdicts for " + packet.subscriptions().size() + " subscriptions");
        }
        return new ToSession.Subscribe(packet, verdicts, packetBytes);
    }

    private static Departure departure(ByteBuf in) {
        var manner = in.readByte();
        return new Departure(
                switch (manner) {
                    case 0 -> Departure.Manner.NORMAL;
                    case 1 -> Departure.Manner.WITH_WILL;
                    case 2 -> Departure.Manner.LOST;
                    default -> throw new MalformedMessageException("nobody departs in manner " + manner);
                },
                in.isReadable() ? OptionalLong.of(in.readUnsignedInt()) : OptionalLong.empty());
    }

    private <T extends Packet> T packet(ByteBuf in, Class<T> type) {
        var length = FrameCut.frameLength(in, Packet.SIZE_MAX);
        if (length < 0 || length > in.readableBytes()) {
            throw new MalformedMessageException("a packet is cut off");
        }
        var packet = decoder.decode(in, length);
        if (!type.isInstance(packet)) {
            throw new MalformedMessageException("not a " + type.getSimpleName() + " but " + packet.type());
        }
        return type.cast(packet);
    }
}
