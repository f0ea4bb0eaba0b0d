package io.meridianmq.core.session;

import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What comes from the client: QoS 1 and 2 messages whose answers are owed in the order of arrival, and the identifiers
 * of QoS 2 messages that were taken in and not yet released. [MQTT-4.6.0-2] [MQTT-4.6.0-3]
 *
 * <p>Arrivals are numbered through the session's life. Answers are owed to a connection; a new connection owes none. The
 * QoS 2 identifiers belong to the session and survive. [MQTT-4.1.0-1]
 */
@SuppressWarnings("ReferenceEquality") // There is one for all that were never used.
final class Inflow {

    private static final int ANSWERS_AT_FIRST = 4;
    private static final int IDENTIFIER_BITS = 0xFFFF;
    private static final int EXACTLY_ONCE = 1 << 16;
    private static final int READY = 1 << 17;
    private static final int REASON_SHIFT = 24;
    private static final long NEVER_ARRIVED = -1;

    private static final int[] NONE = {};

    /** That of all whose clients have sent no such message yet, as most never do. Nothing is ever noted in it. */
    static final Inflow UNUSED = new Inflow();

    private Map<Integer, Taken> taken = Map.of();

    /** Answers owed, by arrival number modulo length: identifier, kind, readiness and reason code in one number. */
    private int[] answers = NONE;

    /** First arrival whose answer is owed. */
    private long head;

    /** Number of the next arrival. */
    private long tail;

    private int atLeastOnceOwed;

    /** A QoS 2 message from PUBLISH to PUBREL. */
    private static final class Taken {
        /** The arrival that is being published. */
        long published;
        /** The latest arrival, whose answer is PUBREC. */
        long answered;

        boolean accepted;

        /** What a durable session publishes it as. */
        @Nullable
        PublicationId id;

        /** Whether this is known from before a restart, and the client has not said anything about it since. */
        boolean isRestored;

        Taken(long arrival) {
            this.published = arrival;
            this.answered = arrival;
        }
    }

    /** A QoS 2 message of a durable session that was taken in before a restart. */
    void restore(int packetIdentifier, PublicationId id) {
        assert this != UNUSED;
        var known = new Taken(NEVER_ARRIVED);
        known.id = id;
        known.isRestored = true;
        take(packetIdentifier, known);
    }

    private void take(int packetIdentifier, Taken message) {
        if (taken.isEmpty()) {
            taken = new HashMap<>();
        }
        taken.put(packetIdentifier, message);
    }

    /** A message that {@link #onPublish} admitted is published with this identity, however often the client sends it. */
    void identify(int packetIdentifier, PublicationId id) {
        var known = taken.get(packetIdentifier);
        if (known != null) {
            known.id = id;
        }
    }

    /** What a message that was taken in is published as; empty if that is not known. */
    Optional<PublicationId> identity(int packetIdentifier) {
        return Optional.ofNullable(taken.get(packetIdentifier)).map(known -> known.id);
    }

    /** Number of the arrival that {@link #onPublish} reported last as to be published. */
    long lastArrival() {
        return tail - 1;
    }

    /** Messages of which the client has not seen the end. */
    int outstanding() {
        return atLeastOnceOwed + taken.size();
    }

    /** Takes note of a PUBLISH. */
    Intake onPublish(SessionPort port, Qos qos, int packetIdentifier) {
        assert this != UNUSED;
        if (qos == Qos.AT_LEAST_ONCE) {
            atLeastOnceOwed++; // [MQTT-4.3.2-5] [MQTT3-4.3.2-2]
            owe(packetIdentifier);
            return Intake.PUBLISH;
        }
        var known = taken.get(packetIdentifier);
        if (known == null) {
            take(packetIdentifier, new Taken(owe(packetIdentifier | EXACTLY_ONCE)));
            return Intake.PUBLISH;
        }
        if (known.isRestored) { // Whether it was published before the crash is not known: its identity tells whoever
            // had it.
            known.isRestored = false;
            known.published = owe(packetIdentifier | EXACTLY_ONCE);
            known.answered = known.published;
            return Intake.PUBLISH_AGAIN;
        }
        if (known.answered < head) { // Else the answer to the copy before is still owed and will do for both.
            known.answered = owe(packetIdentifier | EXACTLY_ONCE);
            if (known.accepted) {
                ready(port, known.answered, ReasonCodes.SUCCESS);
            }
        }
        return Intake.DUPLICATE;
    }

    boolean isKnown(Qos qos, int packetIdentifier) {
        return qos == Qos.EXACTLY_ONCE && taken.containsKey(packetIdentifier);
    }

    /**
     * The message of an arrival is in safe custody, or refused. {@code port} is null without a connection.
     *
     * @return whether that ended an exchange about a QoS 2 message
     */
    boolean onAccepted(@Nullable SessionPort port, long arrival, Qos qos, int packetIdentifier, int reasonCode) {
        var answer = arrival;
        var isOver = false;
        if (qos == Qos.EXACTLY_ONCE) {
            var known = taken.get(packetIdentifier);
            if (known == null || known.published != arrival) {
                return false;
            }
            answer = known.answered;
            if (reasonCode >= ReasonCodes.FIRST_ERROR) {
                taken.remove(packetIdentifier); // A PUBREC with an error ends the exchange. [MQTT-4.3.3-9]
                isOver = true;
            } else {
                known.accepted = true;
            }
        }
        if (port != null && answer >= head) { // [MQTT-4.3.2-4] [MQTT-4.3.3-8] [MQTT3-4.3.2-2] [MQTT3-4.3.3-2]
            ready(port, answer, reasonCode);
        }
        return isOver;
    }

    /** What became of a PUBREL. */
    enum Release {
        /** The exchange is over: PUBCOMP is due. */
        RELEASED,
        /** There is no such exchange. */
        UNKNOWN,
        /** The client broke the protocol: a PUBREL before its PUBREC. */
        TOO_EARLY
    }

    Release onPubRel(int packetIdentifier) {
        var known = taken.get(packetIdentifier);
        if (known == null) {
            return Release.UNKNOWN;
        }
        // What was taken in before a restart was accepted if the client says so: it has had its PUBREC then.
        if (!known.isRestored && (!known.accepted || known.answered >= head)) {
            return Release.TOO_EARLY;
        }
        taken.remove(packetIdentifier);
        return Release.RELEASED;
    }

    void onConnectionLost() {
        if (head == tail) {
            return;
        }
        head = tail;
        atLeastOnceOwed = 0;
    }

    private long owe(int identifierAndKind) {
        if (tail - head == answers.length) {
            grow();
        }
        answers[cell(tail)] = identifierAndKind;
        return tail++;
    }

    private void ready(SessionPort port, long arrival, int reasonCode) {
        answers[cell(arrival)] |= READY | reasonCode << REASON_SHIFT;
        while (head < tail && (answers[cell(head)] & READY) != 0) {
            send(port, answers[cell(head)]);
            head++;
        }
    }

    private void send(SessionPort port, int answer) {
        var packetIdentifier = answer & IDENTIFIER_BITS;
        var reasonCode = answer >>> REASON_SHIFT;
        if ((answer & EXACTLY_ONCE) != 0) {
            port.sendPubRec(packetIdentifier, reasonCode);
        } else {
            atLeastOnceOwed--;
            port.sendPubAck(packetIdentifier, reasonCode); // [MQTT-2.2.1-5] [MQTT3-2.3.1-6]
        }
    }

    private int cell(long arrival) {
        return (int) arrival & (answers.length - 1);
    }

    private void grow() {
        var larger = new int[Math.max(ANSWERS_AT_FIRST, answers.length * 2)];
        for (var arrival = head; arrival < tail; arrival++) {
            larger[(int) arrival & (larger.length - 1)] = answers[cell(arrival)];
        }
        answers = larger;
    }
}
