package io.meridianmq.cli.load.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One client's way to its broker: a TCP connection at a time. Belongs to the loop of its {@link Network}. */
final class Connection implements ClientOutlet {

    /** Nothing that a fleet gets is near it. */
    private static final int PACKET_BYTES_MAX = 1 << 20;

    private final Network network;
    private final InetSocketAddress broker;
    private final Client client;

    /** The present one; what is told of any other is not heard. */
    private @Nullable Channel channel;

    private boolean isUnflushed;

    Connection(
            Network network,
            InetSocketAddress broker,
            ClientSettings settings,
            ClientListener listener,
            RandomGenerator jitter) {
        this.network = network;
        this.broker = broker;
        this.client = new Client(settings, this, listener, jitter);
    }

    Client client() {
        return client;
    }

    @Override
    public void open() {
        var connecting = network.bootstrap(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel opened) {
                        opened.pipeline()
                                .addLast(new MqttDecoder(PACKET_BYTES_MAX), MqttEncoder.INSTANCE, new Handler());
                    }
                })
                .connect(broker);
        channel = connecting.channel();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                ended(connecting.channel(), String.valueOf(done.cause().getMessage()));
            }
        });
    }

    @Override
    public void send(MqttMessage packet) {
        if (channel != null) {
            var _ = channel.write(packet, channel.voidPromise());
            if (!isUnflushed) {
                isUnflushed = true;
                network.flushSoon(this);
            }
        }
    }

    void flush() {
        isUnflushed = false;
        if (channel != null) {
            channel.flush();
        }
    }

    @Override
    public void close() {
        if (channel != null) {
            var closing = channel;
            channel = null;
            closing.flush();
            var _ = closing.close();
        }
    }

    @Override
    public boolean isWritable() {
        return channel != null && channel.isWritable();
    }

    private void ended(Channel which, String reason) {
        if (which.equals(channel)) {
            channel = null;
            client.onClosed(reason, System.nanoTime());
        }
    }

    private final class Handler extends SimpleChannelInboundHandler<MqttMessage> {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (context.channel().equals(channel)) {
                client.onOpened(System.nanoTime());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage packet) {
            if (context.channel().equals(channel)) {
                client.onPacket(packet, System.nanoTime());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended(context.channel(), "the connection was closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ended(context.channel(), String.valueOf(cause.getMessage()));
            var _ = context.close();
        }
    }
}
