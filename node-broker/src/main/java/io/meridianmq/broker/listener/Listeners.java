package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.Connection;
import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.front.Host;
import io.meridianmq.broker.limit.ConnectionLimit;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The listening sockets of a node. For the thread that starts and stops the node. */
public final class Listeners implements AutoCloseable {

    private static final int ACCEPT_QUEUE = 4_096;

    private final Transport transport;
    private final Function<Loop, Host> hosts;
    private final Supplier<ConnectionSettings> connection;
    private final ConnectionLimit limit;
    private final int outboundBytesMax;
    private final List<Channel> listening = new ArrayList<>();

    /**
     * @param hosts what the connections of each loop share
     * @param connection what the node's settings allow connections at the moment
     * @param outboundBytesMax bytes waiting in a channel from which on its client counts as slow, until half has left
     */
    public Listeners(
            Transport transport,
            Function<Loop, Host> hosts,
            Supplier<ConnectionSettings> connection,
            ConnectionLimit limit,
            int outboundBytesMax) {
        this.transport = transport;
        this.hosts = hosts;
        this.connection = connection;
        this.limit = limit;
        this.outboundBytesMax = outboundBytesMax;
    }

    /**
     * Listens.
     *
     * @return the address with the actual port
     * @throws StartRefusedException if that is not possible
     */
    public HostPort listen(ListenerConfig config) {
        var bound = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_QUEUE)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(outboundBytesMax / 2, outboundBytesMax))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initialize(channel, config);
                    }
                })
                .bind(config.tcp().toSocketAddress())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw refused(config.tcp(), bound);
        }
        listening.add(bound.channel());
        var address = (InetSocketAddress) bound.channel().localAddress();
        return config.tcp().withPort(address.getPort());
    }

    /** Takes no more connections; those there are stay. */
    @Override
    public void close() {
        for (var channel : listening) {
            channel.close().awaitUninterruptibly();
        }
    }

    private void initialize(Channel channel, ListenerConfig config) {
        if (!limit.tryEnter()) {
            var _ = channel.close();
            return;
        }
        var _ = channel.closeFuture().addListener(_ -> limit.leave());
        if (config.proxyProtocol()) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(), new ProxyProtocol());
        }
        Connection.addTo(channel, hosts.apply(transport.loopOf(channel)), config.connection(connection.get()));
    }

    private static StartRefusedException refused(HostPort address, ChannelFuture bound) {
        var cause = bound.cause();
        var isTaken = cause instanceof BindException
                || String.valueOf(cause.getMessage()).contains("in use");
        return new StartRefusedException(
                "cannot listen for clients on " + address + ": "
                        + (isTaken
                                ? "the port is taken: stop the program that has it, or choose another port"
                                : cause.getMessage()),
                cause);
    }
}
