package io.meridianmq.core.link;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import java.util.List;
import java.util.Optional;

/**
 * What nodes of a zone say to each other about clients and their connections.
 *
 * <p>A client's <b>front</b> is the node that it connects to; the <b>home</b> of its session, if that outlives the
 * connection, is the node that has it; the <b>owner</b> of the slot of its client identifier keeps its claim; a <b>copy</b> is kept by the slot's standby, or by a node that is to become it. {@code epoch} is always the
 * slot's as the sender knows it: between two that do not agree on it, nothing is said.
 */
public sealed interface ClaimMessage {

    /** What an owner of a slot says to a front. */
    sealed interface ToFront extends ClaimMessage {}

    /** What an owner of a slot says to the home of a session. */
    sealed interface ToHome extends ClaimMessage {}

    /** What is said to an owner of a slot, by a front, by a home, or about a copy. */
    sealed interface ToOwner extends ClaimMessage {}

    /** How a connection ended. */
    enum Ending {
        /** The client said goodbye: its will is discarded. [MQTT-3.14.4-3] */
        NORMAL,
        /** Everything else, DISCONNECT with reason code 0x04 among it: the will stays. */
        LOST,
        /** It ended before CONNACK: as if it had not been, so there is no will. */
        NEVER_OPENED
    }

    /**
     * Front to owner: a client wants to connect. Said again until it is answered.
     *
     * @param token the front's name for the connection, never used twice by one start of the front
     * @param cleanStart whether an earlier session ends
     * @param expirySeconds how long the session is to outlive the connection
     */
    record Open(long epoch, String clientId, long token, boolean cleanStart, long expirySeconds, Optional<Will> will)
            implements ToOwner {}

    /**
     * Owner to front: the connection is the client's.
     *
     * @param continues whether the session that there may be goes on; else it ends
     * @param home the node that has the session, or is to have it; empty if it ends with the connection, and is at the
     *     front
     */
    record Granted(
            long epoch,
            String clientId,
            long token,
            ConnectionNumber number,
            boolean continues,
            Optional<Incarnation> home)
            implements ToFront {}

    /** Owner to front: there is no room for another client. */
    record Refused(long epoch, String clientId, long token) implements ToFront {}

    /**
     * Front to owner: a connection ended, or was given up before it was answered. Said again until it is confirmed.
     *
     * @param number as granted; {@link ConnectionNumber#NONE} if it was {@link Ending#NEVER_OPENED}
     * @param expirySeconds how long the session is to outlive it, in which DISCONNECT has the last word
     */
    record Close(long epoch, String clientId, long token, ConnectionNumber number, Ending ending, long expirySeconds)
            implements ToOwner {}

    /**
     * Owner to front: the end of a connection is known.
     *
     * @param number of the connection, which a front that gave it up does not know; {@link ConnectionNumber#NONE} if the
     *     owner knows nothing of it
     */
    record Closed(long epoch, String clientId, long token, ConnectionNumber number) implements ToFront {}

    /**
     * Owner to front: the connection is overtaken. Said again until it is answered.
     *
     * @param sessionEnds whether its session ends, too; else another connection goes on with it
     */
    record Evict(long epoch, String clientId, long token, ConnectionNumber number, boolean sessionEnds)
            implements ToFront {}

    /** Front to owner: that connection is over, and this is how it ended. */
    record Evicted(long epoch, String clientId, long token, Ending ending) implements ToOwner {}

    /** Owner to home: the will of a connection has been published, or was given up, so it need not be kept. */
    record WillDone(long epoch, String clientId, ConnectionNumber number) implements ToHome {}

    /**
     * Owner to home: the client has begun anew, so the session of its earlier connections is over.
     *
     * @param number of the connection that began anew: sessions of lower ones are meant
     * @param heir who has the client's new session and is to get the messages that wait in the old one; empty if nobody is
     */
    record Superseded(long epoch, String clientId, ConnectionNumber number, Optional<Incarnation> heir)
            implements ToHome {}

    /** Owner to front: what connections and sessions of this slot are there? Said again until it is answered. */
    record AskAnnouncement(long epoch, int slot) implements ToFront {}

    /**
     * Front and home to a new owner: these connections and sessions are here. Each part is said again until it is noted.
     *
     * @param part counts from 0
     * @param last whether that is all
     */
    record Announce(long epoch, int slot, int part, boolean last, List<ClaimRecord> claims) implements ToOwner {
        public Announce {
            claims = List.copyOf(claims);
        }
    }

    /** Owner to front: a part of an announcement is noted. */
    record Announced(long epoch, int slot, int part) implements ToFront {}

    /**
     * Owner to copy: what changes. Entries are numbered in their stream from 1, without gaps; said again until noted.
     *
     * @param stream grows with each new beginning of the owner
     * @param first number of the first entry
     */
    record CopyPart(long epoch, int slot, long stream, long first, List<CopyEntry> entries) implements ClaimMessage {
        public CopyPart {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Copy to owner: what it has.
     *
     * @param mark number of the last entry of the stream that was taken, all before it among them
     */
    record CopyMark(long epoch, int slot, long stream, long mark) implements ToOwner {}

    /**
     * Copy to somebody who was the owner: the slot has another epoch now.
     *
     * @param epoch the newer one
     */
    record CopyRefused(long epoch, int slot) implements ToOwner {}

    /** Are you there? */
    record Ping() implements ClaimMessage {}

    /** Yes. */
    record Pong() implements ClaimMessage {}
}
