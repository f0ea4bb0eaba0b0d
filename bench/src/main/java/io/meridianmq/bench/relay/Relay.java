package io.meridianmq.bench.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program {@code bench/relay}: one thread that accepts MQTT 3.1.1 connections and passes QoS 0 messages on. It has no
 * sessions, no wildcards and no retained messages, checks nothing and encodes nothing: a message leaves as a slice of the
 * buffer that it came in. What a broker needs beyond the CPU time of this program is what its features cost.
 */
@Command(
        name = "bench/relay",
        header = "The bare relay: the limit that brokers are compared with.",
        description = "MQTT 3.1.1, QoS 0, topics without wildcards, one thread. Runs until it is interrupted.",
        mixinStandardHelpOptions = true)
public final class Relay implements Callable<Integer> {

    /** A subscriber with as much waiting for it misses messages; the number of them is printed at the end. */
    private static final int WAITING_BYTES_MAX = 64 << 20;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on; ${DEFAULT-VALUE} by default.")
    private String host = "127.0.0.1";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Port to listen on; ${DEFAULT-VALUE} by default.")
    private int port = 1899;

    private Relay() {}

    /** Runs the relay until the process is told to end. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Relay()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var loop = (SingleThreadEventLoop) group.next();
        var topics = new Topics();
        var flushes = new Flushes(loop::executeAfterEventLoopIteration);
        var listener = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(WAITING_BYTES_MAX / 2, WAITING_BYTES_MAX))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Connection(topics, flushes));
                    }
                })
                .bind(new InetSocketAddress(host, port))
                .sync()
                .channel();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> System.err.println(
                        "relay: " + topics.missed() + " messages were dropped for subscribers that read too slowly")));
        System.err.println("relay: listens on " + listener.localAddress());
        listener.closeFuture().sync();
        return CommandLine.ExitCode.OK;
    }
}
