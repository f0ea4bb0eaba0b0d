package io.meridianmq.cli.load.mqtt;

import io.meridianmq.core.link.Backoff;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * One MQTT 5 client, as long as it is wanted: it connects and subscribes, publishes, answers what it gets, keeps the
 * connection alive, and connects again when it breaks, after a wait that doubles from 0.2 s to 5 s and has jitter.
 *
 * <pre>
 *   IDLE -start-> OPENING -opened-> CONNECTING -CONNACK-> SUBSCRIBING -SUBACK-> READY
 *                    ^                                                            |
 *                    +-- time is over -- WAITING <-- broken, refused, silent -----+  (from each of these states)
 *   any -stop-> ENDED
 * </pre>
 *
 * <p>QoS 1 and 2 publishes that are not acknowledged when the connection breaks are sent again with DUP if the broker
 * continues the session [MQTT-4.4.0-1]; in a new session QoS 1 ones are published anew, and QoS 2 ones are given up.
 *
 * <p>A state machine without threads or clocks; belongs to the event loop of its connection. Times are
 * {@link System#nanoTime()}.
 */
public final class Client {

    static final long BACKOFF_MIN_NANOS = 200_000_000;
    static final long BACKOFF_MAX_NANOS = 5_000_000_000L;

    /** How long a connection may take until it is of use. */
    static final long PATIENCE_NANOS = 10_000_000_000L;

    /** Publishes in flight, whatever larger window the broker grants. */
    private static final int WINDOW_MAX = 100;

    private static final int SUBSCRIBE_IDENTIFIER = 65_535;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private enum State {
        IDLE,
        WAITING,
        OPENING,
        CONNECTING,
        SUBSCRIBING,
        READY,
        ENDED
    }

    private final ClientSettings settings;
    private final ClientOutlet outlet;
    private final ClientListener listener;
    private final RandomGenerator jitter;
    private final Backoff backoff = new Backoff(BACKOFF_MIN_NANOS, BACKOFF_MAX_NANOS);
    private final Outbox outbox = new Outbox();

    /** Packet identifiers of QoS 2 messages that were received and not yet released. */
    private final BitSet unreleased = new BitSet();

    private State state = State.IDLE;
    private long stateSinceNanos;
    private long retryNanos;
    private long sentNanos;
    private long heardNanos;
    private long keepAliveNanos;
    private boolean isPinging;
    private int window = WINDOW_MAX;

    /** @param jitter spreads the attempts of many clients that lost their connection together */
    Client(ClientSettings settings, ClientOutlet outlet, ClientListener listener, RandomGenerator jitter) {
        this.settings = settings;
        this.outlet = outlet;
        this.listener = listener;
        this.jitter = jitter;
    }

    /** Begins to connect, and goes on until {@link #stop}. Once. */
    public void start(long nowNanos) {
        enter(State.OPENING, nowNanos);
        outlet.open();
    }

    public boolean isReady() {
        return state == State.READY;
    }

    /** Whether a publish would be taken. */
    public boolean canPublish(int qos) {
        return qos == 0 ? isReady() && outlet.isWritable() : state != State.ENDED && outbox.hasRoom();
    }

    /** Publishes at once, or at QoS 1 and 2 as soon as it can. Only if it {@link #canPublish}. */
    public void publish(Publish publish, long nowNanos) {
        if (publish.qos() == 0) {
            send(Packets.publish(publish, 0, false), nowNanos);
            listener.onSent(publish.token(), nowNanos);
        } else {
            outbox.add(publish);
            sendWaiting(nowNanos);
        }
    }

    /** Whether every QoS 1 and 2 publish has had its last acknowledgement. */
    public boolean isDone() {
        return outbox.isEmpty();
    }

    /** Ends the connection and the session. */
    public void stop(long nowNanos) {
        if (state == State.CONNECTING || state == State.SUBSCRIBING || state == State.READY) {
            send(Packets.disconnect(settings), nowNanos);
        }
        enter(State.ENDED, nowNanos);
        outlet.close();
    }

    /** Does what is due: an attempt, a ping, an end of patience. To be called some times a second. */
    public void tick(long nowNanos) {
        switch (state) {
            case IDLE, ENDED -> {}
            case WAITING -> {
                if (nowNanos - retryNanos >= 0) {
                    start(nowNanos);
                }
            }
            case OPENING, CONNECTING, SUBSCRIBING -> {
                if (nowNanos - stateSinceNanos >= PATIENCE_NANOS) {
                    abort("no answer within " + PATIENCE_NANOS / NANOS_PER_SECOND + " s", nowNanos);
                }
            }
            case READY -> keepAlive(nowNanos);
        }
    }

    /** A client pings when it has sent nothing for the keep-alive time [MQTT-3.1.2-20]; this one also when it heard nothing. */
    private void keepAlive(long nowNanos) {
        if (nowNanos - heardNanos >= keepAliveNanos * 3 / 2) {
            abort("nothing was heard for one and a half times the keep-alive", nowNanos);
        } else if (!isPinging && nowNanos - Math.min(sentNanos, heardNanos) >= keepAliveNanos) {
            isPinging = true;
            send(Packets.PINGREQ, nowNanos);
        }
    }

    /** The connection is there. */
    void onOpened(long nowNanos) {
        heardNanos = nowNanos;
        isPinging = false;
        keepAliveNanos = settings.keepAliveSeconds() * NANOS_PER_SECOND;
        enter(State.CONNECTING, nowNanos);
        send(Packets.connect(settings), nowNanos);
    }

    /** The connection broke, or could not be made. */
    void onClosed(String reason, long nowNanos) {
        switch (state) {
            case IDLE, WAITING, ENDED -> {}
            case OPENING, CONNECTING, SUBSCRIBING -> {
                retryLater(nowNanos);
                listener.onAttemptFailed(reason, nowNanos);
            }
            case READY -> {
                retryLater(nowNanos);
                listener.onDown(reason, heardNanos, nowNanos);
            }
        }
    }

    private void abort(String reason, long nowNanos) {
        outlet.close();
        onClosed(reason, nowNanos);
    }

    private void retryLater(long nowNanos) {
        retryNanos = nowNanos + backoff.nextNanos(jitter.nextDouble());
        enter(State.WAITING, nowNanos);
    }

    /** A packet came, which stays the caller's. */
    void onPacket(MqttMessage packet, long nowNanos) {
        if (packet.decoderResult().isFailure()) {
            abort("a packet cannot be understood: " + packet.decoderResult().cause(), nowNanos);
            return;
        }
        heardNanos = nowNanos;
        listener.onHeard(nowNanos);
        switch (packet.fixedHeader().messageType()) {
            case CONNACK -> onConnack((MqttConnAckMessage) packet, nowNanos);
            case SUBACK -> onSuback((MqttSubAckMessage) packet, nowNanos);
            case PUBLISH -> onPublish((MqttPublishMessage) packet, nowNanos);
            case PUBACK -> onPuback(packet, nowNanos);
            case PUBREC -> onPubrec(packet, nowNanos);
            case PUBREL -> onPubrel(packet, nowNanos);
            case PUBCOMP -> onPubcomp(packet, nowNanos);
            case PINGRESP -> isPinging = false;
            case DISCONNECT -> abort("the broker disconnected it: " + reasonOf(packet), nowNanos);
            case CONNECT, SUBSCRIBE, UNSUBSCRIBE, UNSUBACK, PINGREQ, AUTH ->
                abort("unexpected " + packet.fixedHeader().messageType(), nowNanos);
        }
    }

    private void onConnack(MqttConnAckMessage connack, long nowNanos) {
        if (state != State.CONNECTING) {
            abort("unexpected CONNACK", nowNanos);
            return;
        }
        var code = connack.variableHeader().connectReturnCode().byteValue() & 0xff;
        if (code != Packets.SUCCESS) {
            abort("CONNACK with " + hex(code), nowNanos);
            return;
        }
        var properties = connack.variableHeader().properties();
        window = Math.min(
                WINDOW_MAX,
                Packets.integer(properties, MqttProperties.RECEIVE_MAXIMUM, Packets.RECEIVE_MAXIMUM_DEFAULT));
        // The broker's own keep-alive, if it names one, takes the place of the client's [MQTT-3.2.2-22].
        keepAliveNanos = NANOS_PER_SECOND
                * Packets.integer(properties, MqttProperties.SERVER_KEEP_ALIVE, settings.keepAliveSeconds());
        if (connack.variableHeader().isSessionPresent()) {
            ready(true, nowNanos);
            return;
        }
        unreleased.clear();
        outbox.restart().forEach(gone -> listener.onAbandoned(gone.publish().token(), nowNanos));
        if (settings.filters().isEmpty()) {
            ready(false, nowNanos);
        } else {
            enter(State.SUBSCRIBING, nowNanos);
            send(Packets.subscribe(SUBSCRIBE_IDENTIFIER, settings.filters()), nowNanos);
        }
    }

    private void onSuback(MqttSubAckMessage suback, long nowNanos) {
        var refused = suback.payload().reasonCodes().stream()
                .filter(code -> code >= Packets.ERROR_MIN)
                .findFirst();
        if (state != State.SUBSCRIBING) {
            abort("unexpected SUBACK", nowNanos);
        } else if (refused.isPresent()) {
            abort("SUBACK with " + hex(refused.get()), nowNanos);
        } else {
            ready(false, nowNanos);
        }
    }

    private void ready(boolean isSessionPresent, long nowNanos) {
        backoff.reset();
        enter(State.READY, nowNanos);
        listener.onReady(isSessionPresent, nowNanos);
        for (var each : outbox.inFlight()) {
            if (each.isReleased()) {
                send(Packets.reply(MqttMessageType.PUBREL, each.packetIdentifier(), Packets.SUCCESS), nowNanos);
            } else {
                send(Packets.publish(each.publish(), each.packetIdentifier(), true), nowNanos);
                listener.onSent(each.publish().token(), nowNanos);
            }
        }
        sendWaiting(nowNanos);
    }

    private void sendWaiting(long nowNanos) {
        if (!isReady()) {
            return;
        }
        for (var next = outbox.next(window); next.isPresent(); next = outbox.next(window)) {
            send(Packets.publish(next.get().publish(), next.get().packetIdentifier(), false), nowNanos);
            listener.onSent(next.get().publish().token(), nowNanos);
        }
    }

    private void onPublish(MqttPublishMessage publish, long nowNanos) {
        var identifier = publish.variableHeader().packetId();
        var qos = publish.fixedHeader().qosLevel();
        // A QoS 2 message whose identifier was not released has been delivered before [MQTT-4.3.3-10].
        if (qos != MqttQoS.EXACTLY_ONCE || !unreleased.get(identifier)) {
            listener.onMessage(publish.variableHeader().topicName(), publish.payload(), nowNanos);
        }
        switch (qos) {
            case AT_MOST_ONCE, FAILURE -> {}
            case AT_LEAST_ONCE -> send(Packets.reply(MqttMessageType.PUBACK, identifier, Packets.SUCCESS), nowNanos);
            case EXACTLY_ONCE -> {
                unreleased.set(identifier);
                send(Packets.reply(MqttMessageType.PUBREC, identifier, Packets.SUCCESS), nowNanos);
            }
        }
    }

    private void onPuback(MqttMessage puback, long nowNanos) {
        var done = outbox.inFlight(Packets.packetIdentifier(puback))
                .filter(each -> each.publish().qos() == 1);
        if (done.isEmpty()) {
            abort("PUBACK of what was not published", nowNanos);
            return;
        }
        outbox.remove(done.get());
        tellOutcome(done.get(), Packets.reasonCode(puback), nowNanos);
        sendWaiting(nowNanos);
    }

    private void onPubrec(MqttMessage pubrec, long nowNanos) {
        var identifier = Packets.packetIdentifier(pubrec);
        var known = outbox.inFlight(identifier).filter(each -> each.publish().qos() == 2);
        var code = Packets.reasonCode(pubrec);
        if (known.isEmpty()) {
            send(Packets.reply(MqttMessageType.PUBREL, identifier, Packets.PACKET_IDENTIFIER_NOT_FOUND), nowNanos);
            return;
        }
        var publish = known.get();
        if (!publish.isReleased()) {
            tellOutcome(publish, code, nowNanos);
        }
        if (code >= Packets.ERROR_MIN) {
            outbox.remove(publish);
            sendWaiting(nowNanos);
        } else {
            publish.release();
            send(Packets.reply(MqttMessageType.PUBREL, identifier, Packets.SUCCESS), nowNanos);
        }
    }

    private void onPubcomp(MqttMessage pubcomp, long nowNanos) {
        outbox.inFlight(Packets.packetIdentifier(pubcomp))
                .filter(Outgoing::isReleased)
                .ifPresent(outbox::remove);
        sendWaiting(nowNanos);
    }

    private void onPubrel(MqttMessage pubrel, long nowNanos) {
        var identifier = Packets.packetIdentifier(pubrel);
        var code = unreleased.get(identifier) ? Packets.SUCCESS : Packets.PACKET_IDENTIFIER_NOT_FOUND;
        unreleased.clear(identifier);
        send(Packets.reply(MqttMessageType.PUBCOMP, identifier, code), nowNanos);
    }

    private void tellOutcome(Outgoing publish, int reasonCode, long nowNanos) {
        var token = publish.publish().token();
        if (reasonCode >= Packets.ERROR_MIN) {
            listener.onRefused(token, reasonCode, nowNanos);
        } else {
            listener.onAcknowledged(token, nowNanos);
        }
    }

    private void send(MqttMessage packet, long nowNanos) {
        sentNanos = nowNanos;
        outlet.send(packet);
    }

    private void enter(State next, long nowNanos) {
        state = next;
        stateSinceNanos = nowNanos;
    }

    private static String reasonOf(MqttMessage disconnect) {
        return disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                ? hex(header.reasonCode() & 0xff)
                : hex(Packets.SUCCESS);
    }

    private static String hex(int reasonCode) {
        return "reason code 0x%02x".formatted(reasonCode);
    }
}
