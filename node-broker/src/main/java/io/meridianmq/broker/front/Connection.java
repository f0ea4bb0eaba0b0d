package io.meridianmq.broker.front;

import com.google.common.net.InetAddresses;
import io.meridianmq.broker.access.User;
import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.session.SessionProxy;
import io.meridianmq.broker.session.SessionRequest;
import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: lets the client in (CONNECT first and once, login, the claim to be its only one, its session), has
 * its {@link Conversation} with it then, and ends it. {@link ConnectionPort} writes what the session has for the client.
 *
 * <p>Belongs to its event loop. Never calls the session from within a call of the session.
 */
public final class Connection {

    /** The client's address, set by who knows better than the channel: a load balancer's header told it. */
    public static final AttributeKey<InetSocketAddress> CLIENT_ADDRESS = AttributeKey.valueOf("mqtt-client-address");

    /**
     * The common name (CN) in the client's TLS certificate, which an authority that the listener trusts has signed; set
     * before the first packet is read, absent without such a certificate.
     */
    public static final AttributeKey<String> CERTIFICATE_NAME = AttributeKey.valueOf("mqtt-certificate-name");

    /** Why the client is refused when it has sent CONNECT, whoever it is; set by who knows before. */
    public static final AttributeKey<ReasonCode> REFUSAL = AttributeKey.valueOf("mqtt-refusal");

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private static final String DRAINED = "this node is going out of service";

    /** How long the last bytes of a connection may take to leave. */
    private static final long CLOSING_NANOS_MAX = 5_000_000_000L;

    private final Host host;
    private final ConnectionSettings settings;
    private final Output output;
    private final Reading reading;
    private State state = State.AWAITING_CONNECT;

    /** Null before CONNECT and after CONNACK. */
    private @Nullable Login login;

    private @Nullable Guard guard;
    private @Nullable ConnectionClaim claim;
    private @Nullable Conversation conversation;
    private @Nullable Arrears arrears;
    private int sweepPosition;

    /** Empty before CONNECT. */
    private String clientId = "";

    /** What CONNECT asked for. */
    private long sessionExpirySeconds;

    /** Written before the session is asked for, read by its loop as well. */
    private long connectedAtMillis;

    /** When the state began that has a time limit: waiting for CONNECT, closing. */
    private long sinceNanos;

    private enum State {
        AWAITING_CONNECT,
        AUTHENTICATING,
        OPENING,
        OPEN,
        CLOSING
    }

    private Connection(Host host, ConnectionSettings settings, Channel channel) {
        this.host = host;
        this.settings = settings;
        this.output = new Output(
                channel, host.here().loop(), host.traffic(), PacketEncoder.unlimited(ProtocolVersion.MQTT_3_1_1));
        this.reading = new Reading(channel, host);
        this.sinceNanos = host.nanoClock().getAsLong();
    }

    /** Adds the handler of a client's connection at the end of a channel's pipeline. */
    public static void addTo(Channel channel, Host host, ConnectionSettings settings) {
        channel.pipeline()
                .addLast(new FrameDecoder(new Connection(host, settings, channel), settings.maximumPacketSize()));
    }

    private Channel channel() {
        return output.channel();
    }

    /** The first call. */
    void begin() {
        host.sweep().add(this);
    }

    /** The last call. */
    void end() {
        host.sweep().remove(this);
    }

    /** The channel is closed. */
    void lost() {
        leave(Departure.LOST);
        state = State.CLOSING;
        reading.lost();
    }

    /** The network takes more again, or no more for now. */
    void writabilityChanged() {
        // Later, since a flush in the middle of a delivery may have brought this about.
        if (channel().isWritable()) {
            reading.goOn(Reading.Pause.ANSWERS);
            host.here().loop().execute(this::tellRoom);
        }
    }

    /** Something was thrown on the way of the client's bytes, or by what they led to. */
    void failed(Throwable cause) {
        // TLS wraps its exceptions.
        if (cause instanceof IOException || cause.getCause() instanceof IOException) {
            log.debug("connection of {} broke: {}", this, cause.toString());
        } else {
            log.warn("connection of {} failed; it is closed", this, cause);
        }
        var _ = channel().close();
    }

    /** As an operator sees it. Any thread, once CONNECT has been handed to the session. */
    Answer.ConnectionView view() {
        return new Answer.ConnectionView(
                connectedAtMillis,
                clientAddress(),
                protocol(version()),
                reading.keepAliveSeconds(),
                Objects.requireNonNull(guard, "has not been let in").rights().userName());
    }

    private static String protocol(ProtocolVersion version) {
        return switch (version) {
            case MQTT_3_1 -> "MQTT 3.1";
            case MQTT_3_1_1 -> "MQTT 3.1.1";
            case MQTT_5 -> "MQTT 5";
        };
    }

    /** What the handlers before this one have found out; without making an entry for what nobody has told. */
    private <T> @Nullable T told(AttributeKey<T> what) {
        return channel().hasAttr(what) ? channel().attr(what).get() : null;
    }

    private String clientAddress() {
        var told = told(CLIENT_ADDRESS);
        var address = told == null ? channel().remoteAddress() : told;
        return address instanceof InetSocketAddress internet
                ? InetAddresses.toUriString(internet.getAddress()) + ":" + internet.getPort()
                : String.valueOf(address);
    }

    String clientId() {
        return clientId;
    }

    ProtocolVersion version() {
        return output.encoder().version();
    }

    /** How long the session is to outlive the connection, as CONNECT asked for it. */
    long sessionExpirySeconds() {
        return sessionExpirySeconds;
    }

    /** Where memory for a packet that has come in part is counted. */
    PartialPackets.Share partial() {
        return host.partial().share();
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    int sweepPosition() {
        return sweepPosition;
    }

    void sweepPosition(int position) {
        sweepPosition = position;
    }

    /** Looks at the time, a few times a second. */
    void tick(long nowNanos) {
        switch (state) {
            case AWAITING_CONNECT -> {
                if (nowNanos - sinceNanos > settings.connectTimeout().toNanos()) {
                    closeWithoutWord("no CONNECT in time"); // MQTT 5, section 3.1.4
                }
            }
            case AUTHENTICATING -> {
                if (login != null
                        && nowNanos - sinceNanos > settings.connectTimeout().toNanos()) {
                    login.timeOut();
                }
            }
            case OPENING, OPEN -> {
                reading.tick(nowNanos);
                if (conversation != null && reading.isSilent(nowNanos)) { // [MQTT-3.1.2-22] [MQTT3-3.1.2-24]
                    fail(ReasonCode.KEEP_ALIVE_TIMEOUT, "silent for one and a half times its keep alive");
                }
                if (conversation != null && state == State.OPEN) {
                    conversation.lookAtRights();
                }
                if (conversation != null && state == State.OPEN) { // The client may have lost its rights just now.
                    conversation.tick(nowNanos);
                }
            }
            case CLOSING -> {
                if (nowNanos - sinceNanos > CLOSING_NANOS_MAX) {
                    var _ = channel().close();
                }
            }
        }
    }

    boolean isAwaitingConnect() {
        return state == State.AWAITING_CONNECT;
    }

    /** A packet of the client; the first one is CONNECT. */
    void onPacket(Packet packet, int packetBytes) {
        host.traffic().received(packetBytes);
        if (output.areAnswersLeft()) {
            reading.pause(Reading.Pause.ANSWERS);
        }
        reading.heard();
        if (login != null && login.method().isPresent() && state != State.CLOSING) {
            onEarlyPacket(login, packet);
        } else if (conversation != null && state != State.OPENING && arrears == null) {
            conversation.onPacket(packet, packetBytes);
        } else if (state == State.AUTHENTICATING || state == State.OPENING || arrears != null) {
            keep(packet, packetBytes); // What answers it must not come before CONNACK. [MQTT-3.2.0-1]
        } else if (packet instanceof ConnectPacket connect) {
            onConnect(connect);
        }
    }

    /** What comes between CONNECT with an authentication method and CONNACK. */
    private void onEarlyPacket(Login current, Packet packet) {
        switch (packet) {
            case AuthPacket auth -> current.onAuth(auth);
            case DisconnectPacket _ -> closeWithoutWord("it went before it was let in");
            default -> { // Not a closed family here: everything else has to wait for CONNACK.
                refuse(ReasonCode.PROTOCOL_ERROR, packet.type() + " before CONNACK"); // [MQTT-3.1.2-30]
                release(packet);
            }
        }
    }

    private static void release(Packet packet) {
        if (packet instanceof PublishPacket publish) {
            publish.release();
        }
    }

    /** The session is not open yet. */
    private void keep(Packet packet, int packetBytes) {
        if (arrears == null) {
            arrears = new Arrears();
        }
        if (arrears.add(packet, packetBytes)) {
            reading.pause(Reading.Pause.CONNECT);
        }
    }

    /** The client sent what no client may send. */
    void onBroken(ProtocolException broken, ProtocolVersion version) {
        var why = String.valueOf(broken.getMessage());
        if (state == State.AWAITING_CONNECT) {
            output.encoder(PacketEncoder.unlimited(version)); // [MQTT-3.1.4-1]
            refuse(broken.reasonCode(), why);
        } else if (conversation == null) {
            refuse(broken.reasonCode(), why); // CONNACK comes first. [MQTT-3.2.0-1]
        } else {
            fail(broken.reasonCode(), why); // [MQTT-4.13.1-1] [MQTT3-4.8.0-1]
        }
    }

    /** There is no memory for the rest of a packet: too many clients have sent a part of one. */
    void onNoRoom() {
        if (state == State.OPEN) {
            fail(ReasonCode.QUOTA_EXCEEDED, "too many clients send large packets: try again later");
        } else {
            closeWithoutWord("there is no memory for the rest of its packet");
        }
    }

    private void onConnect(ConnectPacket connect) {
        var properties = connect.properties();
        output.encoder(PacketEncoder.of(
                connect.version(), properties.maximumPacketSize(), properties.requestProblemInformation()));
        var asked = new Admission(connect.withoutPassword(), settings);
        var refusal = asked.refusal();
        if (refusal.isPresent()) {
            refuse(refusal.get(), "CONNECT is not accepted: " + refusal.get().text());
            return;
        }
        var turnedAway = told(REFUSAL);
        if (turnedAway != null) {
            refuse(turnedAway, "there are too many connections");
            return;
        }
        if (host.drain().isDraining()) {
            refuseWhileDraining(connect.version());
            return;
        }
        clientId = asked.clientId();
        sessionExpirySeconds = asked.sessionExpirySeconds();
        state = State.AUTHENTICATING;
        login = new Login(this, host.access(), host.here().loop(), connect, asked);
        login.begin(settings.withoutPassword(), Optional.ofNullable(told(CERTIFICATE_NAME)));
    }

    /** The client is let in, as this user. */
    void admitted(Optional<User> user) {
        if (state != State.AUTHENTICATING || login == null) {
            return; // It ended meanwhile.
        }
        var asked = login.admission();
        var rights = new Guard(host.access(), clientId, user);
        if (!asked.willTopic().map(rights::allowsWill).orElse(true)) {
            refuse(ReasonCode.NOT_AUTHORIZED, "it may not publish to the topic of its will");
            return;
        }
        guard = rights;
        reading.admitted(asked.keepAliveSeconds(), settings.limits());
        connectedAtMillis = host.clock().millis();
        state = State.OPENING;
        claim = new ConnectionClaim(this, host);
        claim.open(asked.cleanStart(), asked.will());
    }

    /** The client has the zone's one connection of its identifier. */
    void granted(ConnectionNumber number, boolean continues, Incarnation home) {
        if (claim == null || guard == null || login == null) {
            return; // It ended meanwhile, and has said so.
        }
        reading.heard();
        var method = login.method();
        var asked = login.admission();
        var session = SessionProxy.open(
                host.here(),
                home,
                new ConnectionPort(this, host, output, asked.outboundAliases()),
                // A session that is here has its front here; another home knows by itself whose connection it is.
                new SessionRequest(clientId, asked.opening(), continues, number, asked.will(), home));
        conversation = new Conversation(this, host, settings, guard, reading, session, method);
        conversation.begin();
        if (state == State.OPEN) {
            catchUp();
        }
    }

    /** Deals with what the client sent behind its CONNECT. */
    private void catchUp() {
        if (arrears != null) {
            arrears.drainTo(this::onArrear);
            arrears = null;
            reading.goOn(Reading.Pause.CONNECT);
        }
    }

    private void onArrear(Packet packet, int packetBytes) {
        if (conversation != null) {
            conversation.onPacket(packet, packetBytes);
        } else {
            release(packet); // One before it ended the connection.
        }
    }

    /** The client cannot have a connection. */
    void refused(ClaimedConnection.Refusal reason) {
        if (claim != null) {
            claim = null;
            refuse(
                    switch (reason) {
                        case QUOTA_EXCEEDED -> ReasonCode.QUOTA_EXCEEDED;
                        case OWNER_UNREACHABLE -> ReasonCode.SERVER_UNAVAILABLE;
                    },
                    "its connection was not granted: " + reason);
        }
    }

    /** The connection is not the client's any more. */
    void expelled(ClaimedConnection.Expulsion reason, boolean sessionEnds) {
        if (claim == null) {
            return;
        }
        claim = null;
        if (conversation == null) {
            closeWithoutWord("it was not answered yet, and its client connected again");
            return;
        }
        var session = conversation.session();
        conversation = null;
        session.expelled(
                switch (reason) {
                    case TAKEN_OVER -> CloseReason.SESSION_TAKEN_OVER;
                    case OWNER_UNREACHABLE -> CloseReason.USE_ANOTHER_SERVER;
                },
                sessionEnds);
    }

    /** Sends a packet that has nothing to do with the session. */
    void send(Packet packet) {
        output.write(packet);
    }

    /** The client goes, of its own will. */
    void depart(Departure departure) {
        leave(departure);
        becomeClosing();
        var _ = channel().close();
    }

    /** A packet that counts as read ahead has been dealt with. */
    void dealtWith(int packetBytes) {
        reading.dealtWith(packetBytes);
    }

    /** The client's session is open. */
    void opened(boolean sessionPresent, long grantedExpirySeconds) {
        if (state == State.OPENING && login != null) { // [MQTT-3.2.0-2]
            state = State.OPEN;
            host.metrics().accepted.increment();
            // [MQTT-3.1.4-5] [MQTT3-3.1.4-4] [MQTT3-3.2.0-1]
            output.write(login.admission().accepted(sessionPresent, grantedExpirySeconds, login.serverProof()));
            login = null;
            if (arrears != null) {
                host.here().loop().execute(this::catchUp); // Not from within this call of the session.
            }
        }
    }

    /** Tells the client to go elsewhere, and ends the connection; false if there is nobody to tell, or no more. */
    boolean askToLeave() {
        if (state != State.OPEN) {
            return false;
        }
        leave(Departure.LOST); // The client did not ask for it, so its will is published. [MQTT-3.1.2-8]
        disconnect(
                ReasonCode.USE_ANOTHER_SERVER,
                new DisconnectProperties(Properties.ABSENT, DRAINED, List.of(), settings.serverReference()));
        return true;
    }

    /** Ends the connection from here: the client did what it must not, or nothing for too long. */
    void fail(ReasonCode reasonCode, String why) {
        log.debug("connection of {} is ended with {}: {}", this, reasonCode, why);
        leave(Departure.LOST);
        disconnect(reasonCode, why);
    }

    /** The last word to the client, as far as its version has one. */
    void disconnect(ReasonCode reasonCode, String why) {
        disconnect(reasonCode, DisconnectProperties.reason(why));
    }

    private void disconnect(ReasonCode reasonCode, DisconnectProperties properties) {
        if (state == State.CLOSING) {
            return;
        }
        if (state != State.OPEN) { // [MQTT-3.14.0-1]
            refuse(reasonCode, properties.reasonString());
            return;
        }
        becomeClosing();
        farewell().disconnect(reasonCode, properties);
    }

    /** CONNACK with the reason why not, and the end. */
    void refuse(ReasonCode reasonCode, String why) {
        refuse(reasonCode, why, ConnackProperties.builder().reasonString(why).build());
    }

    /** MQTT 3 has no way to say where else to go. */
    private void refuseWhileDraining(ProtocolVersion version) {
        var elsewhere = ConnackProperties.builder()
                .serverReference(settings.serverReference())
                .reasonString(DRAINED)
                .build();
        var reasonCode = version.hasProperties() ? ReasonCode.USE_ANOTHER_SERVER : ReasonCode.SERVER_UNAVAILABLE;
        refuse(reasonCode, DRAINED, elsewhere);
    }

    private void refuse(ReasonCode reasonCode, String why, ConnackProperties properties) {
        if (state == State.CLOSING) {
            return;
        }
        log.debug("connection of {} is refused with {}: {}", this, reasonCode, why);
        conversation = null;
        becomeClosing();
        farewell().refuse(reasonCode, properties);
    }

    private Farewell farewell() {
        return new Farewell(channel(), output, host.metrics());
    }

    /** Closes a connection that is not even known to speak MQTT. */
    void closeWithoutWord(String why) {
        log.debug("connection of {} is closed: {}", this, why);
        becomeClosing();
        var _ = channel().close();
    }

    private void becomeClosing() {
        endClaim(Departure.LOST);
        state = State.CLOSING;
        sinceNanos = host.nanoClock().getAsLong();
        reading.end(); // So that the end of the stream is noticed; what arrives is thrown away.
    }

    private void leave(Departure departure) {
        endClaim(departure);
        if (conversation != null) {
            conversation.session().gone(departure);
            conversation = null;
        }
    }

    private void endClaim(Departure departure) {
        if (login != null) {
            login.abandon();
        }
        if (arrears != null) {
            arrears.release();
            arrears = null;
        }
        if (claim != null) {
            var ended = claim;
            claim = null;
            ended.close(ending(departure), departure);
        }
    }

    private Ending ending(Departure departure) {
        if (conversation == null) {
            return Ending.NEVER_OPENED;
        }
        return departure.manner() == Departure.Manner.NORMAL ? Ending.NORMAL : Ending.LOST;
    }

    private void tellRoom() {
        if (conversation != null && channel().isWritable()) {
            conversation.session().room();
        }
    }

    @Override
    public String toString() {
        var client = clientId.isEmpty() ? "a client that has not connected" : clientId;
        return client + " at " + clientAddress();
    }
}
