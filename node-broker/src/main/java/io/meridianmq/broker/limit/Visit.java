package io.meridianmq.broker.limit;

import io.meridianmq.broker.limit.Entrance.Reason;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Entrance} made of one connection, from its beginning to its end, of which it hears as a listener to the
 * channel's closing. Belongs to the connection's loop.
 */
public final class Visit implements ChannelFutureListener {

    private final Entrance entrance;
    private final Places listener;
    private State state = State.OVER;
    private @Nullable Reason refusal;
    private @Nullable Object address;

    private enum State {
        TAKEN,
        TO_BE_TOLD,
        OVER
    }

    Visit(Entrance entrance, Places listener) {
        this.entrance = entrance;
        this.listener = listener;
    }

    /** Why the connection is not taken, if it is not. */
    public Optional<Reason> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Whether the connection is to be closed without a word. */
    public boolean isOver() {
        return state == State.OVER;
    }

    /** Where the connection comes from is known now; it may be refused for that. Once. */
    public void comesFrom(InetAddress source) {
        if (state != State.TAKEN) {
            return;
        }
        var counted = entrance.count(source);
        if (counted.isWithin()) {
            address = counted.key().orElse(null);
        } else {
            entrance.giveBack(listener);
            refuse(Reason.ADDRESS);
        }
    }

    @Override
    public void operationComplete(ChannelFuture closed) {
        leave();
    }

    /** The connection is closed. */
    void leave() {
        switch (state) {
            case TAKEN -> entrance.giveBack(listener);
            case TO_BE_TOLD -> entrance.hasBeenTold();
            case OVER -> {}
        }
        state = State.OVER;
        if (address != null) {
            entrance.forget(address);
            address = null;
        }
    }

    void takesPlace() {
        state = State.TAKEN;
    }

    void refuse(Reason reason) {
        refusal = reason;
        state = entrance.refuse(reason) ? State.TO_BE_TOLD : State.OVER;
    }
}
