package io.meridianmq.cli.load.mqtt;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One event loop, and the clients on it. Whatever is sent during one turn of the loop leaves at its end, with one system
 * call for each connection.
 */
public final class Network implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int CLOSE_SECONDS = 5;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Bootstrap bootstrap;

    /** Connections that were sent something on since they were flushed. */
    private final Queue<Connection> unflushed = new ArrayDeque<>();

    public Network() {
        var isEpoll = Epoll.isAvailable();
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("load"), isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = group.next();
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(isEpoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    }

    /** Where everything happens. */
    public EventLoop loop() {
        return loop;
    }

    /** A client of the broker at this address, which does nothing before its {@link Client#start}. */
    public Client client(
            ClientSettings settings, InetSocketAddress broker, ClientListener listener, RandomGenerator jitter) {
        return new Connection(this, broker, settings, listener, jitter).client();
    }

    /** What connects with these handlers. */
    Bootstrap bootstrap(ChannelHandler handlers) {
        return bootstrap.clone().handler(handlers);
    }

    /** Has the connection flushed at the end of this turn of the loop. */
    void flushSoon(Connection connection) {
        if (unflushed.isEmpty()) {
            loop.execute(this::flush);
        }
        unflushed.add(connection);
    }

    private void flush() {
        for (var connection = unflushed.poll(); connection != null; connection = unflushed.poll()) {
            connection.flush();
        }
    }

    /** Ends the loop, and every connection with it. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
