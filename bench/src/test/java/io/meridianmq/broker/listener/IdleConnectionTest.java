package io.meridianmq.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.bench.WithoutLeakDetection;
import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.front.LoneNode;
import io.meridianmq.broker.limit.Entrance;
import io.meridianmq.broker.limit.Places;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.tls.ListenerCredentials;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import java.lang.management.ManagementFactory;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an idle client with one subscription takes of the heap beyond a bare channel with one handler: connection, session,
 * subscription, claim, and handlers of TLS or WebSocket. What OpenSSL has outside of the heap does not count.
 */
@ExtendWith(WithoutLeakDetection.class)
final class IdleConnectionTest {

    private static final int CONNECTIONS = 1_000;
    private static final int PLAIN_MAX = 1_225;
    private static final int WEBSOCKET_MAX = 1_600;
    private static final int TLS_MAX = 4_600;

    /** Of buffers: nothing is under way. */
    private static final int DIRECT_MAX = 0;

    private static final int COLLECTIONS_MAX = 20;

    @TempDir
    private Path folder;

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private final LoneNode node = new LoneNode(memory);
    private final Entrance entrance = new Entrance(() -> 1_000_000, 0, 0, System::nanoTime);
    private final ListenerMetrics metrics = new ListenerMetrics(new SimpleMeterRegistry());

    @Test
    void plainConnectionIsSmall() {
        var frontage = frontage(Optional.empty(), Optional.empty());
        check("plain", i -> open(frontage, i, new Plain()), PLAIN_MAX);
    }

    @Test
    void webSocketIsSmall() {
        var frontage = frontage(Optional.empty(), Optional.of("/mqtt"));
        check("WebSocket", i -> open(frontage, i, new WebSocket()), WEBSOCKET_MAX);
    }

    @Test
    void encryptedConnectionIsSmall() throws Exception {
        var certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
        var files = new ListenerCredentials.Files(
                Files.writeString(folder.resolve("cert.pem"), certificate.getCertificatePathPEM()),
                Files.writeString(folder.resolve("key.pem"), certificate.getPrivateKeyPEM()),
                Optional.empty());
        var tls = new ListenerTls(
                files,
                ListenerCredentials.load(files, Instant.now()),
                ListenerTls.ClientCertificates.NONE,
                List.of("TLSv1.3"));
        var client = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
        try (var encryption = new Encryption("test", tls, Encryption.bestProvider(), metrics)) {
            var frontage = frontage(Optional.of(encryption), Optional.empty());
            check("TLS", i -> open(frontage, i, new Tls(client)), TLS_MAX);
        }
    }

    private Frontage frontage(Optional<Encryption> encryption, Optional<String> path) {
        var config = new ListenerConfig(
                new HostPort("127.0.0.1", 0),
                Optional.empty(),
                path,
                false,
                ConnectionSettings.DEFAULT,
                false,
                CONNECTIONS * 10);
        return new Frontage(config, new Places(() -> CONNECTIONS * 10), encryption, metrics);
    }

    private void check(String kind, IntFunction<EmbeddedChannel> open, int heapMax) {
        var kept = new ArrayList<EmbeddedChannel>();
        fill(kept, _ -> new EmbeddedChannel(new ChannelInboundHandlerAdapter()));
        fill(kept, open); // Loads classes.
        var direct = memory.metric().usedDirectMemory();

        var bare = heapPerChannel(kept, _ -> new EmbeddedChannel(new ChannelInboundHandlerAdapter()));
        var connection = heapPerChannel(kept, i -> open.apply(CONNECTIONS + i)) - bare;

        System.out.printf(
                "an idle connection, %s: %,d bytes of heap, beside a bare channel of %,d%n", kind, connection, bare);
        assertThat(connection).isLessThan(heapMax);
        assertThat((memory.metric().usedDirectMemory() - direct) / CONNECTIONS).isLessThanOrEqualTo(DIRECT_MAX);
        kept.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private static long heapPerChannel(List<EmbeddedChannel> kept, IntFunction<EmbeddedChannel> open) {
        var before = liveHeap();
        fill(kept, open);
        return (liveHeap() - before) / CONNECTIONS;
    }

    private static void fill(List<EmbeddedChannel> kept, IntFunction<EmbeddedChannel> open) {
        for (var i = 0; i < CONNECTIONS; i++) {
            kept.add(open.apply(i));
        }
    }

    /** Collects until there is nothing more to collect: what cleaners let go of comes later. */
    private static long liveHeap() {
        var heap = ManagementFactory.getMemoryMXBean();
        var live = Long.MAX_VALUE;
        var inVain = 0;
        for (var i = 0; inVain < 4 && i < COLLECTIONS_MAX; i++) {
            heap.gc();
            var now = heap.getHeapMemoryUsage().getUsed();
            inVain = now < live - CONNECTIONS ? 0 : inVain + 1;
            live = Math.min(live, now);
        }
        return live;
    }

    /** A client connects, subscribes, and says nothing more. */
    private EmbeddedChannel open(Frontage frontage, int number, Carrier carrier) {
        var channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        frontage.addTo(channel, entrance.enter(frontage.places()), node.host(), ConnectionSettings.DEFAULT);
        channel.pipeline().fireChannelActive();
        carrier.begin(this, channel);
        var version = ProtocolVersion.MQTT_3_1_1;
        carrier.send(
                this,
                channel,
                encoded(new ConnectPacket(
                        version,
                        true,
                        60,
                        "client-%013d".formatted(number),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ConnectProperties.NONE)));
        var filter = TopicFilter.of("device/" + number + "/commands");
        carrier.send(
                this,
                channel,
                encoded(new SubscribePacket(1, List.of(new Subscription(filter, Qos.AT_MOST_ONCE)), 0, List.of())));
        if (!channel.isOpen()) {
            throw new IllegalStateException("the broker has closed the connection");
        }
        return channel;
    }

    private static ByteBuf encoded(Packet packet) {
        var out = Unpooled.buffer();
        PacketEncoder.unlimited(ProtocolVersion.MQTT_3_1_1).encode(packet, out);
        return out;
    }

    /** Gives bytes to the broker, and returns its answer. */
    private ByteBuf exchange(EmbeddedChannel channel, ByteBuf bytes) {
        node.receive(channel, bytes);
        channel.runPendingTasks();
        var answer = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answer.writeBytes(part);
            part.release();
        }
        return answer;
    }

    /** How a client's bytes travel. Dropped with the client, so that it takes no memory. */
    private sealed interface Carrier {
        void begin(IdleConnectionTest test, EmbeddedChannel broker);

        void send(IdleConnectionTest test, EmbeddedChannel broker, ByteBuf packet);
    }

    private record Plain() implements Carrier {
        @Override
        public void begin(IdleConnectionTest test, EmbeddedChannel broker) {
            // There is nothing in front of MQTT.
        }

        @Override
        public void send(IdleConnectionTest test, EmbeddedChannel broker, ByteBuf packet) {
            assertThat(test.exchange(broker, packet).readableBytes()).isPositive();
        }
    }

    private record WebSocket() implements Carrier {
        private static final String REQUEST = """
                GET /mqtt HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: mqtt\r
                \r
                """;

        @Override
        public void begin(IdleConnectionTest test, EmbeddedChannel broker) {
            var answer = test.exchange(
                    broker, ByteBufUtil.encodeString(test.memory, CharBuffer.wrap(REQUEST), StandardCharsets.US_ASCII));
            assertThat(answer.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 101");
        }

        /** One binary frame, masked with zeros. */
        @Override
        public void send(IdleConnectionTest test, EmbeddedChannel broker, ByteBuf packet) {
            var frame = Unpooled.buffer()
                    .writeByte(0x82)
                    .writeByte(0x80 | packet.readableBytes())
                    .writeInt(0)
                    .writeBytes(packet);
            assertThat(test.exchange(broker, frame).readableBytes()).isPositive();
        }
    }

    private record Tls(EmbeddedChannel client) implements Carrier {

        Tls(SslContext context) {
            this(new EmbeddedChannel(context.newHandler(UnpooledByteBufAllocator.DEFAULT)));
        }

        @Override
        public void begin(IdleConnectionTest test, EmbeddedChannel broker) {
            pump(test, broker);
        }

        @Override
        public void send(IdleConnectionTest test, EmbeddedChannel broker, ByteBuf packet) {
            client.writeOutbound(packet);
            pump(test, broker);
            ByteBuf answer = client.readInbound();
            assertThat(answer.readableBytes()).isPositive();
            answer.release();
        }

        /** Carries bytes to and fro until neither side says more. */
        private void pump(IdleConnectionTest test, EmbeddedChannel broker) {
            for (ByteBuf bytes = client.readOutbound(); bytes != null; bytes = client.readOutbound()) {
                client.writeInbound(test.exchange(broker, bytes));
            }
        }
    }
}
