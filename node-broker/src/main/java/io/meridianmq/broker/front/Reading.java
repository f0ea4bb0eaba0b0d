package io.meridianmq.broker.front;

import io.netty.channel.Channel;

/**
 * Whether a connection is read from: it is, unless there is a reason why not. What a client sends meanwhile stays with the
 * network, which slows the client down. Belongs to the connection's loop.
 */
final class Reading {

    private final Channel channel;

    /** The bits of the reasons there are. */
    private int pauses;

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

        private final int bit;
        private final boolean excusesSilence;

        Pause(int bit, boolean excusesSilence) {
            this.bit = bit;
            this.excusesSilence = excusesSilence;
        }

        /** Whether silence is the server's doing, so that the keep alive does not run. */
        boolean excusesSilence() {
            return excusesSilence;
        }
    }

    Reading(Channel channel) {
        this.channel = channel;
    }

    /** Stops reading; false if it has stopped for this reason before. */
    boolean pause(Pause why) {
        if (isPausedFor(why)) {
            return false;
        }
        pauses |= why.bit;
        channel.config().setAutoRead(false);
        return true;
    }

    /** Reads on unless there is another reason; false if it has not stopped for this one. */
    boolean goOn(Pause why) {
        if (!isPausedFor(why)) {
            return false;
        }
        pauses &= ~why.bit;
        channel.config().setAutoRead(pauses == 0);
        return true;
    }

    boolean isPausedFor(Pause why) {
        return (pauses & why.bit) != 0;
    }

    /** Whether nothing is read for a reason that {@linkplain Pause#excusesSilence excuses} the client. */
    boolean excusesSilence() {
        return (pauses & ~Pause.ANSWERS.bit) != 0;
    }

    /** Reads whatever there is, for good. */
    void end() {
        pauses = 0;
        channel.config().setAutoRead(true);
    }
}
