package io.meridianmq.broker.listener;

import static io.netty.handler.codec.http.HttpHeaderNames.ALLOW;
import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_KEY;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;

import io.meridianmq.broker.limit.PartialPackets;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the HTTP request that a WebSocket begins with, answers it, and makes way for {@link WebSocketBytes}. Whoever asks
 * for something else is told what is served here. One per connection.
 *
 * <p>A frame that is larger than the largest packet and {@link #FRAME_ROOM} bytes ends the WebSocket.
 */
final class WebSocketUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger log = LoggerFactory.getLogger(WebSocketUpgrade.class);

    /** What a frame may have beyond a packet of the largest size, so that small packets can share one in any case. */
    private static final int FRAME_ROOM = 64 << 10;

    private static final int REQUEST_LINE_MAX = 4_096;
    private static final int HEADERS_MAX = 8_192;
    private static final int CONTENT_MAX = 1_024;
    private static final String VERSION = "13"; // RFC 6455

    /** The second one is what clients of MQTT 3.1 ask for. */
    private static final Set<String> SUBPROTOCOLS = Set.of("mqtt", "mqttv3.1");

    private final String path;
    private final int maximumPacketSize;
    private final PartialPackets partial;
    private final ListenerMetrics metrics;

    /** Netty's, with frames that count as parts of packets. */
    private static final class Handshaker extends WebSocketServerHandshaker13 {
        private final PartialPackets partial;

        Handshaker(String path, WebSocketDecoderConfig frames, PartialPackets partial) {
            super(path, String.join(",", SUBPROTOCOLS), frames);
            this.partial = partial;
        }

        @Override
        protected WebSocketFrameDecoder newWebsocketDecoder() {
            return new CountedFrames(decoderConfig(), partial.share());
        }
    }

    private record Refusal(HttpResponseStatus status, String why) {}

    private WebSocketUpgrade(String path, int maximumPacketSize, PartialPackets partial, ListenerMetrics metrics) {
        this.path = path;
        this.maximumPacketSize = maximumPacketSize;
        this.partial = partial;
        this.metrics = metrics;
    }

    /** Adds what handles the request, and the frames behind it. */
    static void addTo(
            ChannelPipeline pipeline,
            String path,
            int maximumPacketSize,
            PartialPackets partial,
            ListenerMetrics metrics) {
        pipeline.addLast(new HttpServerCodec(REQUEST_LINE_MAX, HEADERS_MAX, CONTENT_MAX));
        pipeline.addLast(new HttpObjectAggregator(CONTENT_MAX, true));
        pipeline.addLast(new WebSocketUpgrade(path, maximumPacketSize, partial, metrics));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        var refusal = refusal(request);
        if (refusal.isPresent()) {
            refuse(context, refusal.get());
            return;
        }
        var frames = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength((int) Math.min(Integer.MAX_VALUE, (long) maximumPacketSize + FRAME_ROOM))
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .withUTF8Validator(false) // No text is accepted.
                .closeOnProtocolViolation(true)
                .build();
        var bytes = new WebSocketBytes(metrics);
        var answer = new Handshaker(path, frames, partial)
                .handshake(context.channel(), request); // Names one of the subprotocols. [MQTT-6.0.0-4] [MQTT3-6.0.0-4]
        answer.addListener(done -> {
            if (!done.isSuccess()) {
                var _ = context.close();
            }
        });
        context.pipeline().replace(this, null, bytes);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("HTTP request of {} failed", context.channel(), cause);
        var _ = context.close();
    }

    private Optional<Refusal> refusal(FullHttpRequest request) {
        var headers = request.headers();
        if (request.decoderResult().isFailure()) {
            return Optional.of(unreadable(request.decoderResult().cause()));
        }
        if (!withoutQuery(request.uri()).equals(path)) {
            return Optional.of(new Refusal(HttpResponseStatus.NOT_FOUND, "MQTT over WebSocket is served at " + path));
        }
        if (!request.method().equals(HttpMethod.GET)) {
            return Optional.of(new Refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "a WebSocket begins with GET"));
        }
        if (!headers.containsValue(UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !headers.containsValue(CONNECTION, HttpHeaderValues.UPGRADE, true)
                || !VERSION.equals(headers.get(SEC_WEBSOCKET_VERSION))) {
            return Optional.of(new Refusal(
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "MQTT over WebSocket (version " + VERSION + ") is served here"));
        }
        if (!headers.contains(SEC_WEBSOCKET_KEY)) {
            return Optional.of(new Refusal(HttpResponseStatus.BAD_REQUEST, "Sec-WebSocket-Key is missing"));
        }
        if (headers.getAll(SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(list -> Arrays.stream(list.split(",", -1)))
                .noneMatch(name -> SUBPROTOCOLS.contains(name.strip()))) { // [MQTT-6.0.0-3] [MQTT3-6.0.0-3]
            return Optional.of(
                    new Refusal(HttpResponseStatus.BAD_REQUEST, "Sec-WebSocket-Protocol has to contain mqtt"));
        }
        return Optional.empty();
    }

    private static Refusal unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request's first line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Refusal(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the request's headers are too long");
        }
        return new Refusal(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal) {
        log.debug("HTTP request of {} is refused with {}: {}", context.channel(), refusal.status, refusal.why);
        metrics.webSocketEnded(ListenerMetrics.WebSocketEnd.NO_UPGRADE);
        var text = ByteBufUtil.writeUtf8(context.alloc(), refusal.why + "\n");
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status, text);
        var headers = response.headers()
                .set(CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(CONTENT_LENGTH, text.readableBytes())
                .set(CONNECTION, HttpHeaderValues.CLOSE);
        if (refusal.status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            headers.set(ALLOW, HttpMethod.GET);
        } else if (refusal.status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            headers.set(UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(CONNECTION, "upgrade, close")
                    .set(SEC_WEBSOCKET_VERSION, VERSION);
        }
        var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private static String withoutQuery(String uri) {
        var query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
