package io.meridianmq.broker.listener;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The event loops {@code mqtt-loop-N}. */
public final class Transport implements AutoCloseable {

    private static final long TICK_MILLIS = 200;

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> serverChannel;
    private final Loops loops;
    private final IdentityHashMap<EventLoop, Loop> byEventLoop = new IdentityHashMap<>();

    /**
     * Starts no thread yet; {@code loopCount} are started as they are needed.
     *
     * @throws StartRefusedException if the system does not have {@code io}
     */
    public Transport(int loopCount, NetworkIo io) {
        var kind = io.kind();
        this.serverChannel = kind.serverChannel();
        this.group = new MultiThreadIoEventLoopGroup(loopCount, new DefaultThreadFactory("mqtt-loop"), kind.factory());
        var all = new ArrayList<Loop>();
        for (var executor : group) {
            var eventLoop = (SingleThreadEventLoop) executor;
            var loop = new Loop(all.size(), eventLoop, eventLoop::executeAfterEventLoopIteration);
            byEventLoop.put(eventLoop, loop);
            all.add(loop);
        }
        this.loops = new Loops(all);
    }

    public Loops loops() {
        return loops;
    }

    /** Calls {@code tick} on every loop, a few times a second. */
    public void everyTick(Consumer<Loop> tick) {
        byEventLoop.forEach((eventLoop, loop) -> {
            var _ = eventLoop.scheduleWithFixedDelay(
                    () -> tick.accept(loop), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    EventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    Loop loopOf(Channel channel) {
        var loop = byEventLoop.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException(channel + " is on no loop of this transport");
        }
        return loop;
    }

    /** Ends the loops; channels that are still open are closed. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
