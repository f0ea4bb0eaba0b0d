package io.meridianmq.broker.codec;

import com.google.common.collect.Maps;
import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.PingrespPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubackPacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;

/**
 * Makes bytes of packets, within what the receiver accepts.
 *
 * @param version version of the connection
 * @param maximumPacketSize size in bytes of the largest packet the receiver accepts, {@link Packet#SIZE_MAX} for any
 * @param problemInformation whether acknowledgements may be explained; false if the client said so in CONNECT
 */
public record PacketEncoder(ProtocolVersion version, int maximumPacketSize, boolean problemInformation) {

    /** Those without limits, one for each version: most connections have no other. */
    private static final Map<ProtocolVersion, PacketEncoder> UNLIMITED = Maps.toMap(
            EnumSet.allOf(ProtocolVersion.class), version -> new PacketEncoder(version, Packet.SIZE_MAX, true));

    /** Writes for a receiver that sets no limits. */
    public static PacketEncoder unlimited(ProtocolVersion version) {
        return Objects.requireNonNull(UNLIMITED.get(version));
    }

    /** Writes for a receiver that may set limits; see the record's parts. */
    public static PacketEncoder of(ProtocolVersion version, int maximumPacketSize, boolean problemInformation) {
        return maximumPacketSize == Packet.SIZE_MAX && problemInformation
                ? unlimited(version)
                : new PacketEncoder(version, maximumPacketSize, problemInformation);
    }

    /**
     * Writes one packet. If it is too large, user properties are left out, then the reason string.
     *
     * @return whether it was written; if not, it is too large in any form and nothing was written [MQTT-3.1.2-24]
     * @throws IllegalArgumentException if the version has no such packet, or a string in it does not fit
     */
    public boolean encode(Packet packet, ByteBuf out) {
        if (packet instanceof PublishPacket publish) {
            return copy(publish, out);
        }
        var start = out.writerIndex();
        for (var explanation = mostExplanation(packet); ; explanation = less(explanation)) {
            out.writeByte(packet.type().firstByte());
            var at = LengthPrefix.open(out);
            write(packet, out, explanation);
            LengthPrefix.close(out, at);
            if (out.writerIndex() - start <= maximumPacketSize) {
                return true;
            }
            out.writerIndex(start);
            if (explanation == Explanation.NOTHING) {
                return false;
            }
        }
    }

    /** A client that wants no problem information gets it with CONNACK and DISCONNECT alone. [MQTT-3.1.2-29] */
    private Explanation mostExplanation(Packet packet) {
        var always = switch (packet) {
            case ConnackPacket _, DisconnectPacket _ -> true;
            case ConnectPacket _,
                    PublishPacket _,
                    PubackPacket _,
                    PubrecPacket _,
                    PubrelPacket _,
                    PubcompPacket _,
                    SubscribePacket _,
                    SubackPacket _,
                    UnsubscribePacket _,
                    UnsubackPacket _,
                    PingreqPacket _,
                    PingrespPacket _,
                    AuthPacket _ -> false;
        };
        return always || problemInformation ? Explanation.ALL : Explanation.NOTHING;
    }

    private static Explanation less(Explanation explanation) {
        return switch (explanation) {
            case ALL -> Explanation.REASON_STRING;
            case REASON_STRING, NOTHING -> Explanation.NOTHING;
        };
    }

    private boolean copy(PublishPacket packet, ByteBuf out) {
        if (packet.version().hasProperties() != version.hasProperties()) {
            throw new IllegalArgumentException("a PUBLISH of " + packet.version() + " cannot be written for " + version
                    + " as it is: use PublishFrame");
        }
        if (packet.frame().readableBytes() > maximumPacketSize) {
            return false;
        }
        out.writeBytes(packet.frame(), 0, packet.frame().readableBytes());
        return true;
    }

    private void write(Packet packet, ByteBuf out, Explanation explanation) {
        switch (packet) {
            case ConnectPacket p -> ConnectEncoder.write(out, p);
            case ConnackPacket p -> ConnackEncoder.write(out, p, version, explanation);
            case PublishPacket p -> throw new AssertionError("copied by itself: " + p);
            case PubackPacket p ->
                AcknowledgementEncoder.write(
                        out, p.packetIdentifier(), p.reasonCode(), p.properties(), version, explanation);
            case PubrecPacket p ->
                AcknowledgementEncoder.write(
                        out, p.packetIdentifier(), p.reasonCode(), p.properties(), version, explanation);
            case PubrelPacket p ->
                AcknowledgementEncoder.write(
                        out, p.packetIdentifier(), p.reasonCode(), p.properties(), version, explanation);
            case PubcompPacket p ->
                AcknowledgementEncoder.write(
                        out, p.packetIdentifier(), p.reasonCode(), p.properties(), version, explanation);
            case SubscribePacket p -> SubscribeEncoder.write(out, p, version);
            case SubackPacket p ->
                AcknowledgementEncoder.write(
                        out, p.packetIdentifier(), p.reasonCodes(), p.properties(), version, explanation);
            case UnsubscribePacket p -> SubscribeEncoder.write(out, p, version);
            case UnsubackPacket p ->
                AcknowledgementEncoder.write(
                        out, p.packetIdentifier(), p.reasonCodes(), p.properties(), version, explanation);
            case PingreqPacket _, PingrespPacket _ -> {}
            case DisconnectPacket p -> DisconnectEncoder.write(out, p, version, explanation);
            case AuthPacket p -> auth(p, out, explanation);
        }
    }

    private void auth(AuthPacket packet, ByteBuf out, Explanation explanation) {
        if (!version.hasProperties()) {
            throw new IllegalArgumentException("AUTH does not exist in " + version);
        }
        AuthEncoder.write(out, packet, explanation);
    }
}
