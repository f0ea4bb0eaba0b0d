package io.meridianmq.broker.front;

import io.meridianmq.broker.limit.ReadAhead;
import io.meridianmq.core.session.KeepAlive;
import io.netty.channel.Channel;
import java.util.Optional;

/**
 * Whether a connection is read from: it is, unless there is a reason why not. What a client sends meanwhile stays with the
 * network, which slows the client down. Knows as well how long the client has been silent, since that is not its fault while
 * nothing is read. Belongs to the connection's loop.
 */
final class Reading {

    private final Channel channel;
    private final Host host;
    private final ReadAhead readAhead = new ReadAhead();
    private Optional<PublishPace> pace = Optional.empty();
    private KeepAlive keepAlive = new KeepAlive(0, 0);

    /** The bits of the reasons there are. */
    private byte pauses;

    /** What is read is thrown away. */
    private boolean isOver;

    /** Why nothing is read. */
    enum Pause {
        /** The client sent much behind its CONNECT, which is not answered yet. */
        CONNECT(1, true),
        /** Much of what it sent has not been dealt with. */
        READ_AHEAD(2, true),
        /** It publishes faster than it may. */
        RATE(4, true),
        /** It does not take the answers to what it sends. */
        ANSWERS(8, false);

        private final byte bit;

        /** Whether silence is the server's doing, so that the keep alive does not run. */
        private final boolean excusesSilence;

        Pause(int bit, boolean excusesSilence) {
            this.bit = (byte) bit;
            this.excusesSilence = excusesSilence;
        }
    }

    Reading(Channel channel, Host host) {
        this.channel = channel;
        this.host = host;
    }

    /** The client is let in, with its keep alive, and may publish as fast as the limits say. */
    void admitted(int keepAliveSeconds, ClientLimits limits) {
        var nowNanos = nowNanos();
        keepAlive = new KeepAlive(keepAliveSeconds, nowNanos);
        pace = PublishPace.of(limits, nowNanos);
    }

    /** The client was not silent, or was made to be. */
    void heard() {
        keepAlive.heard(nowNanos());
    }

    /** The client's keep alive; 0 for none. */
    int keepAliveSeconds() {
        return keepAlive.seconds();
    }

    /** Whether the client has been silent for longer than its keep alive allows. */
    boolean isSilent(long nowNanos) {
        return keepAlive.isOver(nowNanos);
    }

    /** Reads on where that was only a matter of time. */
    void tick(long nowNanos) {
        if (isPausedFor(Pause.RATE)
                && pace.map(client -> client.isWithin(nowNanos)).orElse(true)) {
            goOn(Pause.RATE);
        }
    }

    /** A PUBLISH has come; true if it was one too many. */
    boolean isTooFast(int packetBytes) {
        return pace.isPresent() && pace.get().isTooFast(packetBytes, nowNanos());
    }

    /** A packet has come that takes time to deal with: reads no further ahead than the client may be. */
    void read(int packetBytes) {
        if (readAhead.read(packetBytes)) {
            pause(Pause.READ_AHEAD);
        }
    }

    /** A packet that counts as read ahead has been dealt with. */
    void dealtWith(int packetBytes) {
        if (readAhead.dealtWith(packetBytes)) {
            goOn(Pause.READ_AHEAD);
        }
    }

    /** Stops reading, unless it has stopped for this reason before. */
    void pause(Pause why) {
        if (isPausedFor(why)) {
            return;
        }
        pauses |= why.bit;
        channel.config().setAutoRead(false);
        host.metrics().paused(why);
        if (why.excusesSilence) {
            keepAlive.suspend();
        }
    }

    /** Reads on if it has stopped for this reason, and there is no other. */
    void goOn(Pause why) {
        if (isOver || !isPausedFor(why)) {
            return;
        }
        pauses &= (byte) ~why.bit;
        channel.config().setAutoRead(pauses == 0);
        if (why.excusesSilence && !excusesSilence()) {
            keepAlive.resume(nowNanos());
        }
    }

    private long nowNanos() {
        return host.nanoClock().getAsLong();
    }

    private boolean isPausedFor(Pause why) {
        return (pauses & why.bit) != 0;
    }

    /** Whether nothing is read for a reason that excuses the client. */
    private boolean excusesSilence() {
        return (pauses & ~Pause.ANSWERS.bit) != 0;
    }

    /** Reads whatever there is, for good. */
    void end() {
        isOver = true;
        pauses = 0;
        channel.config().setAutoRead(true);
    }

    /** There is nothing to read any more. */
    void lost() {
        isOver = true;
    }
}
