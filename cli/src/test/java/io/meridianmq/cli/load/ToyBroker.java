package io.meridianmq.cli.load;

import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.topic.TopicFilter;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A broker that makes mistakes when it is told to: one thread, everything in memory. */
public final class ToyBroker implements AutoCloseable {

    /** What it does with a message for one subscriber: how often that gets it. */
    public interface Fault {
        /** How many. */
        int copies(String clientId, String topic, int qos);
    }

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listener;
    private final Fault fault;
    private final boolean keepsSessions;

    /** By client identifier; only the loop touches it. */
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    private static final class Session {
        private final Map<TopicFilter, Integer> filters = new LinkedHashMap<>();
        private final List<MqttMessage> queue = new ArrayList<>();
        private int packetIdentifier;
        private @Nullable Channel channel;
    }

    /**
     * Starts it.
     *
     * @param keepsSessions whether sessions outlive their connection, with what comes for them at QoS 1 and 2
     */
    public ToyBroker(Fault fault, boolean keepsSessions) {
        this.fault = fault;
        this.keepsSessions = keepsSessions;
        this.listener = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new MqttDecoder(1 << 20), MqttEncoder.INSTANCE, new Connection());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    /** Where it listens. */
    public HostPort address() {
        return new HostPort("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
    }

    /** Closes the connections of these clients. */
    void kick(Predicate<String> clientIds) {
        loop.execute(() -> sessions.forEach((clientId, session) -> {
            if (session.channel != null && clientIds.test(clientId)) {
                var _ = session.channel.close();
            }
        }));
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void route(MqttPublishMessage publish) {
        var topic = publish.variableHeader().topicName();
        var qos = publish.fixedHeader().qosLevel().value();
        sessions.forEach((clientId, session) -> session.filters.forEach((filter, maximum) -> {
            if (filter.matches(topic)) {
                var copies = fault.copies(clientId, topic, qos);
                for (var copy = 0; copy < copies; copy++) {
                    deliver(session, topic, Math.min(qos, maximum), publish.payload());
                }
            }
        }));
    }

    private static void deliver(Session session, String topic, int qos, ByteBuf payload) {
        session.packetIdentifier = session.packetIdentifier % 65_535 + 1;
        var message = MqttMessageBuilders.publish()
                .topicName(topic)
                .qos(MqttQoS.valueOf(qos))
                .messageId(session.packetIdentifier)
                .properties(MqttProperties.NO_PROPERTIES)
                .payload(Unpooled.copiedBuffer(payload))
                .build();
        if (session.channel != null) {
            var _ = session.channel.writeAndFlush(message);
        } else if (qos > 0) {
            session.queue.add(message);
        }
    }

    private final class Connection extends SimpleChannelInboundHandler<MqttMessage> {

        private @Nullable Session session;

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage packet) {
            switch (packet.fixedHeader().messageType()) {
                case CONNECT -> connect(context, (MqttConnectMessage) packet);
                case SUBSCRIBE -> subscribe(context, (MqttSubscribeMessage) packet);
                case UNSUBSCRIBE -> unsubscribe(context, (MqttUnsubscribeMessage) packet);
                case PUBLISH -> publish(context, (MqttPublishMessage) packet);
                case PUBREL -> reply(context, MqttMessageType.PUBCOMP, identifier(packet));
                case PUBREC -> reply(context, MqttMessageType.PUBREL, identifier(packet));
                case PINGREQ -> write(context, MqttMessage.PINGRESP);
                case DISCONNECT -> {
                    var _ = context.close();
                }
                case PUBACK, PUBCOMP -> {}
                case CONNACK, SUBACK, UNSUBACK, PINGRESP, AUTH ->
                    throw new IllegalStateException("unexpected " + packet);
            }
        }

        private void connect(ChannelHandlerContext context, MqttConnectMessage connect) {
            var clientId = connect.payload().clientIdentifier();
            var known = sessions.get(clientId);
            var isPresent =
                    known != null && keepsSessions && !connect.variableHeader().isCleanSession();
            var opened = known != null && isPresent ? known : new Session();
            sessions.put(clientId, opened);
            opened.channel = context.channel();
            session = opened;
            write(
                    context,
                    MqttMessageBuilders.connAck()
                            .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                            .sessionPresent(isPresent)
                            .properties(MqttProperties.NO_PROPERTIES)
                            .build());
            opened.queue.forEach(message -> write(context, message));
            opened.queue.clear();
        }

        private void subscribe(ChannelHandlerContext context, MqttSubscribeMessage subscribe) {
            var granted = new MqttQoS[subscribe.payload().topicSubscriptions().size()];
            for (var index = 0; index < granted.length; index++) {
                var wanted = subscribe.payload().topicSubscriptions().get(index);
                granted[index] = wanted.qualityOfService();
                if (session != null) {
                    session.filters.put(TopicFilter.of(wanted.topicFilter()), granted[index].value());
                }
            }
            write(
                    context,
                    MqttMessageBuilders.subAck()
                            .packetId(subscribe.variableHeader().messageId())
                            .addGrantedQoses(granted)
                            .build());
        }

        private void unsubscribe(ChannelHandlerContext context, MqttUnsubscribeMessage unsubscribe) {
            if (session != null) {
                unsubscribe.payload().topics().stream().map(TopicFilter::of).forEach(session.filters::remove);
            }
            write(
                    context,
                    MqttMessageBuilders.unsubAck()
                            .packetId(unsubscribe.variableHeader().messageId())
                            .build());
        }

        private void publish(ChannelHandlerContext context, MqttPublishMessage publish) {
            route(publish);
            switch (publish.fixedHeader().qosLevel()) {
                case AT_LEAST_ONCE ->
                    reply(
                            context,
                            MqttMessageType.PUBACK,
                            publish.variableHeader().packetId());
                case EXACTLY_ONCE ->
                    reply(
                            context,
                            MqttMessageType.PUBREC,
                            publish.variableHeader().packetId());
                case AT_MOST_ONCE, FAILURE -> {}
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (session != null && context.channel().equals(session.channel)) {
                session.channel = null;
                if (!keepsSessions) {
                    sessions.values().remove(session);
                }
            }
        }

        private static int identifier(MqttMessage packet) {
            return ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
        }

        private static void reply(ChannelHandlerContext context, MqttMessageType type, int identifier) {
            var qos = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
            write(
                    context,
                    new MqttMessage(
                            new MqttFixedHeader(type, false, qos, false, 0),
                            new MqttPubReplyMessageVariableHeader(identifier, (byte) 0, MqttProperties.NO_PROPERTIES)));
        }

        private static void write(ChannelHandlerContext context, MqttMessage packet) {
            var _ = context.writeAndFlush(packet);
        }
    }
}
