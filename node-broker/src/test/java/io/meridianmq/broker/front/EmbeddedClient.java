package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.FrameCut;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.codec.PublishEncoder;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UnsubackPacket;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client of an {@link EmbeddedNode}: sends packets, and tells in words what it received. */
final class EmbeddedClient {

    private final EmbeddedNode node;
    private final ProtocolVersion version;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private Authentication lastStep = new Authentication("", BinaryData.EMPTY);
    private Optional<String> clientId = Optional.empty();

    EmbeddedClient(EmbeddedNode node, ProtocolVersion version) {
        this.node = node;
        this.version = version;
    }

    EmbeddedChannel channel() {
        return channel;
    }

    /** Says CONNECT with properties of its own. */
    EmbeddedClient connect(String clientId, ConnectProperties properties) {
        return connect(clientId, 0, properties);
    }

    EmbeddedClient connect(String clientId, int keepAliveSeconds, ConnectProperties properties) {
        return send(new ConnectPacket(
                version,
                true,
                keepAliveSeconds,
                clientId,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                properties));
    }

    /** The identifier that it connected with, if it said one. */
    Optional<String> clientId() {
        return clientId;
    }

    EmbeddedClient send(Packet packet) {
        if (packet instanceof ConnectPacket connect) {
            clientId = Optional.of(connect.clientIdentifier()).filter(identifier -> !identifier.isEmpty());
        }
        var out = Unpooled.buffer();
        PacketEncoder.unlimited(version).encode(packet, out);
        return sendBytes(out);
    }

    EmbeddedClient sendBytes(ByteBuf bytes) {
        channel.writeInbound(bytes);
        node.run();
        return this;
    }

    EmbeddedClient connect(String clientId, boolean cleanStart, long expirySeconds) {
        return connect(clientId, cleanStart, 0, expirySeconds, Optional.empty());
    }

    EmbeddedClient connect(
            String clientId, boolean cleanStart, int keepAliveSeconds, long expirySeconds, Optional<Will> will) {
        var properties = version.hasProperties()
                ? new ConnectProperties(
                        expirySeconds, 65_535, Packet.SIZE_MAX, 0, false, true, List.of(), Optional.empty())
                : ConnectProperties.NONE;
        return send(new ConnectPacket(
                version, cleanStart, keepAliveSeconds, clientId, will, Optional.empty(), Optional.empty(), properties));
    }

    /** The client has shown a certificate. */
    EmbeddedClient certificate(String name) {
        channel.attr(Connection.CERTIFICATE_NAME).set(name);
        return this;
    }

    /** Connects with a fresh session as a user. */
    EmbeddedClient login(String clientId, String userName, String password) {
        return send(connectOf(clientId, Optional.of(userName), Optional.of(password)));
    }

    /** CONNECT for a fresh session. */
    ConnectPacket connectOf(String clientId, Optional<String> userName, Optional<String> password) {
        return new ConnectPacket(
                version,
                true,
                0,
                clientId,
                Optional.empty(),
                userName,
                password.map(text -> BinaryData.of(text.getBytes(StandardCharsets.UTF_8))),
                ConnectProperties.NONE);
    }

    /** Connects with a fresh session and forgets the CONNACK. */
    EmbeddedClient connected(String clientId) {
        connect(clientId, true, 0);
        received();
        return this;
    }

    EmbeddedClient subscribe(String filter, int qos) {
        return subscribe(0, new Subscription(TopicFilter.of(filter), Qos.of(qos)));
    }

    EmbeddedClient subscribe(int identifier, Subscription... subscriptions) {
        return send(new SubscribePacket(1, List.of(subscriptions), identifier, List.of()));
    }

    EmbeddedClient publish(String topic, int qos, int packetIdentifier, boolean retain, String payload) {
        return publish(topic, qos, packetIdentifier, retain, payload, PublishProperties.NONE);
    }

    EmbeddedClient publish(
            String topic, int qos, int packetIdentifier, boolean retain, String payload, PublishProperties properties) {
        var message = new PublishMessage(
                topic, BinaryData.of(payload.getBytes(StandardCharsets.UTF_8)), Qos.of(qos), retain, properties);
        var out = Unpooled.buffer();
        PublishEncoder.write(out, version, message, packetIdentifier, false);
        return sendBytes(out);
    }

    /** Publishes bytes at QoS 0. */
    EmbeddedClient publishBytes(String topic, PublishProperties properties, byte... payload) {
        var message = new PublishMessage(topic, BinaryData.of(payload), Qos.AT_MOST_ONCE, false, properties);
        var out = Unpooled.buffer();
        PublishEncoder.write(out, version, message, 0, false);
        return sendBytes(out);
    }

    /** Sends bytes, two digits each, blanks aside. */
    EmbeddedClient sendHex(String bytes) {
        return sendBytes(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(bytes.replace(" ", ""))));
    }

    /** The network breaks. */
    void drop() {
        channel.finishAndReleaseAll();
        node.run();
    }

    /** Everything received since the last time, byte for byte. */
    String bytes() {
        node.run();
        var all = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.append(ByteBufUtil.hexDump(bytes));
            bytes.release();
        }
        return all.toString();
    }

    /** Everything received since the last time, one line for each packet, and {@code closed} at the end. */
    List<String> received() {
        node.run();
        var all = Unpooled.buffer();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.writeBytes(bytes);
            bytes.release();
        }
        var decoder = PacketDecoder.ofServerPackets(new TopicCache(), version);
        var lines = new ArrayList<String>();
        while (all.isReadable()) {
            var length = FrameCut.frameLength(all, Packet.SIZE_MAX);
            lines.add(inWords(decoder.decode(all, length)));
        }
        all.release();
        if (!channel.isOpen()) {
            lines.add("closed");
        }
        return lines;
    }

    /** What the server said last by enhanced authentication. */
    Authentication lastStep() {
        return lastStep;
    }

    private String inWords(Packet packet) {
        return switch (packet) {
            case AuthPacket p -> {
                lastStep = p.authentication().orElseThrow();
                yield "AUTH " + p.reasonCode() + " " + lastStep.method();
            }
            case ConnackPacket p ->
                "CONNACK " + p.reasonCode() + step(p.properties()) + (p.sessionPresent() ? " present" : "")
                        + (p.properties().assignedClientIdentifier().isEmpty() ? "" : " assigned")
                        + elsewhere(p.properties().serverReference())
                        + keepAlive(p.properties().serverKeepAliveSeconds())
                        + (p.properties().responseInformation().isEmpty()
                                ? ""
                                : " answers below " + p.properties().responseInformation());
            case PublishPacket p -> publish(p);
            case PubackPacket p -> "PUBACK #" + p.packetIdentifier() + " " + p.reasonCode();
            case PubrecPacket p -> "PUBREC #" + p.packetIdentifier() + " " + p.reasonCode();
            case PubrelPacket p -> "PUBREL #" + p.packetIdentifier() + " " + p.reasonCode();
            case PubcompPacket p -> "PUBCOMP #" + p.packetIdentifier() + " " + p.reasonCode();
            case SubackPacket p -> "SUBACK " + p.reasonCodes();
            case UnsubackPacket p -> "UNSUBACK " + p.reasonCodes();
            case DisconnectPacket p ->
                "DISCONNECT " + p.reasonCode() + elsewhere(p.properties().serverReference());
            default -> packet.type().toString();
        };
    }

    private static String keepAlive(int seconds) {
        return seconds < 0 ? "" : " keep-alive=" + seconds;
    }

    private String step(ConnackProperties properties) {
        lastStep = properties.authentication().orElse(lastStep);
        return properties.authentication().map(step -> " " + step.method()).orElse("");
    }

    private static String elsewhere(String serverReference) {
        return serverReference.isEmpty() ? "" : " use " + serverReference;
    }

    private static String publish(PublishPacket packet) {
        var payload = packet.frame().toString(packet.payloadStart(), packet.payloadLength(), StandardCharsets.UTF_8);
        var text = "PUBLISH " + (packet.topic().isEmpty() ? "-" : packet.topic()) + " qos"
                + packet.qos().value()
                + (packet.packetIdentifier() == 0 ? "" : " #" + packet.packetIdentifier())
                + (packet.duplicate() ? " dup" : "")
                + (packet.retain() ? " retain" : "")
                + (packet.messageExpiryIntervalSeconds() < 0 ? "" : " expiry=" + packet.messageExpiryIntervalSeconds())
                + (packet.hasSubscriptionIdentifiers() ? " ids" : "")
                + (packet.topicAlias() == 0 ? "" : " alias=" + packet.topicAlias())
                + " " + payload;
        packet.release();
        return text;
    }
}
