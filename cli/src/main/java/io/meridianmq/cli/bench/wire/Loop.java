package io.meridianmq.cli.bench.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One event loop. What is to happen at the end of a turn happens in this order: first whatever was put off with
 * {@link #atEndOfTurn}, then one write and flush for each connection that has something to send.
 */
public final class Loop implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int CLOSE_SECONDS = 5;
    private static final int READ_BYTES_MIN = 512;
    private static final int READ_BYTES_FIRST = 2_048;
    private static final int READ_BYTES_MAX = 262_144;
    private static final int UNSENT_BYTES_LOW = 1 << 20;
    private static final int UNSENT_BYTES_HIGH = 4 << 20;

    private final MultiThreadIoEventLoopGroup group;
    private final SingleThreadEventLoop loop;
    private final Bootstrap bootstrap;
    private final Transport transport;
    private final ArrayDeque<Runnable> putOff = new ArrayDeque<>();
    private final ArrayDeque<Connection> unflushed = new ArrayDeque<>();
    private boolean isTurnEnding;
    private long nowNanos;

    /**
     * Starts it.
     *
     * @param number names its thread
     */
    public Loop(int number, Transport transport) {
        this.transport = transport;
        var isEpoll = Epoll.isAvailable();
        this.group = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("bench-" + number),
                isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = (SingleThreadEventLoop) group.next();
        this.bootstrap = new Bootstrap()
                .group(group)
                .channel(isEpoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX))
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(UNSENT_BYTES_LOW, UNSENT_BYTES_HIGH));
        if (isEpoll) {
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
    }

    /** Where everything of this loop happens. */
    public EventLoop executor() {
        return loop;
    }

    /**
     * Has the connection made, and CONNECT sent once the transport is there.
     *
     * @param local the address to connect from, if it is not for the system to choose
     */
    public void open(Connection connection, InetSocketAddress broker, Optional<InetSocketAddress> local) {
        var connecting = bootstrap.clone().handler(transport.handler(connection, broker));
        var future = local.map(from -> connecting.connect(broker, from)).orElseGet(() -> connecting.connect(broker));
        future.addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                connection.onConnectFailed(done.cause());
            }
        });
    }

    /** When the last bytes were read, {@link System#nanoTime}. */
    public long nowNanos() {
        return nowNanos;
    }

    void tellTime() {
        nowNanos = System.nanoTime();
    }

    ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    /** Runs it once everything that was read in this turn has been looked at. On the loop. */
    public void atEndOfTurn(Runnable task) {
        putOff.add(task);
        endTurnLater();
    }

    void flushSoon(Connection connection) {
        unflushed.add(connection);
        endTurnLater();
    }

    private void endTurnLater() {
        if (!isTurnEnding) {
            isTurnEnding = true;
            loop.executeAfterEventLoopIteration(this::endTurn);
        }
    }

    private void endTurn() {
        while (!putOff.isEmpty() || !unflushed.isEmpty()) {
            for (var task = putOff.poll(); task != null; task = putOff.poll()) {
                task.run();
            }
            for (var connection = unflushed.poll(); connection != null; connection = unflushed.poll()) {
                connection.flush();
            }
        }
        isTurnEnding = false;
    }

    /** Ends the loop, and every connection with it. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
