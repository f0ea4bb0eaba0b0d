package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.front.Host;
import io.meridianmq.broker.limit.Entrance;
import io.meridianmq.broker.limit.Places;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** The listening sockets of a node. For the thread that starts and stops the node. */
public final class Listeners implements AutoCloseable {

    private static final int ACCEPT_QUEUE = 4_096;
    private static final ReadSizes READ_SIZES = new ReadSizes();

    private final Transport transport;
    private final Function<Loop, Host> hosts;
    private final Supplier<ConnectionSettings> connection;
    private final Entrance entrance;
    private final int outboundBytesMax;
    private final ListenerMetrics metrics;
    private final List<Channel> listening = new ArrayList<>();
    private final List<Encryption> encryptions = new ArrayList<>();
    private Optional<FileWatch> watch = Optional.empty();

    /**
     * @param hosts what the connections of each loop share
     * @param connection what the node's settings allow connections at the moment
     * @param outboundBytesMax bytes waiting in a channel from which on its client counts as slow, until half has left
     */
    public Listeners(
            Transport transport,
            Function<Loop, Host> hosts,
            Supplier<ConnectionSettings> connection,
            Entrance entrance,
            int outboundBytesMax,
            MeterRegistry meters) {
        this.transport = transport;
        this.hosts = hosts;
        this.connection = connection;
        this.entrance = entrance;
        this.outboundBytesMax = outboundBytesMax;
        this.metrics = new ListenerMetrics(meters);
    }

    /**
     * Listens.
     *
     * @param config of one listener
     * @return the address with the actual port
     * @throws StartRefusedException if that is not possible
     */
    public HostPort listen(ListenerConfig config) {
        var frontage = new Frontage(
                config, new Places(config::connections), config.tls().map(tls -> encrypt(config, tls)), metrics);
        var bound = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.serverChannel()) // [MQTT-4.2.0-1] [MQTT-7.1.1-1] [MQTT3-7.1.1-1]
                .option(ChannelOption.SO_BACKLOG, ACCEPT_QUEUE)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, READ_SIZES)
                // Its slices are used again, one for each subscriber of a message; Netty's default makes new ones.
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(outboundBytesMax / 2, outboundBytesMax))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initialize(channel, frontage);
                    }
                })
                .bind(config.address().toSocketAddress())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw refused(config.address(), bound);
        }
        listening.add(bound.channel());
        var address = (InetSocketAddress) bound.channel().localAddress();
        return config.address().withPort(address.getPort());
    }

    /** Takes no more connections; those there are stay. */
    @Override
    public void close() {
        watch.ifPresent(FileWatch::close);
        for (var channel : listening) {
            channel.close().awaitUninterruptibly();
        }
        encryptions.forEach(Encryption::close);
    }

    /** With a watch over the files, which is shared by all listeners. */
    private Encryption encrypt(ListenerConfig config, ListenerTls tls) {
        var running = watch.orElseGet(() -> new FileWatch(Encryption.bestProvider()));
        watch = Optional.of(running);
        var name = config.address().toString();
        try {
            var encryption = new Encryption(name, tls, running.provider(), metrics);
            encryptions.add(encryption);
            metrics.showExpiry(name, encryption::expiry);
            running.watch(encryption);
            return encryption;
        } catch (SSLException e) {
            throw new StartRefusedException(
                    "cannot encrypt for clients on " + name + " with the certificate "
                            + tls.files().certificate() + ": " + e.getMessage() + ": give another certificate",
                    e);
        }
    }

    private void initialize(Channel channel, Frontage frontage) {
        var visit = entrance.enter(frontage.places());
        var _ = channel.closeFuture().addListener(visit);
        frontage.addTo(
                channel,
                visit,
                hosts.apply(transport.loopOf(channel)),
                frontage.config().connection(connection.get()));
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
