package io.meridianmq.broker.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one stream of bytes of a WebSocket's binary frames, and binary frames of what is written: packets may span frames
 * and share them. Answers pings, and keeps the closing handshake. Belongs to the connection's loop.
 */
final class WebSocketBytes extends ChannelDuplexHandler {

    private static final Logger log = LoggerFactory.getLogger(WebSocketBytes.class);

    /** How long the last frame may take to leave. */
    private static final int CLOSING_SECONDS_MAX = 5;

    private final ListenerMetrics metrics;
    private boolean isClosing;

    WebSocketBytes(ListenerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        switch (frame) {
            // What is continued is binary, since text does not get so far.
            // [MQTT-6.0.0-2] [MQTT3-6.0.0-2]
            case BinaryWebSocketFrame _, ContinuationWebSocketFrame _ -> context.fireChannelRead(frame.content());
            case PingWebSocketFrame _ -> answer(context, frame);
            case CloseWebSocketFrame close -> onClose(context, close);
            case TextWebSocketFrame _ -> onText(context, frame);
            case PongWebSocketFrame _ -> frame.release();
            default -> frame.release(); // Netty's family is not closed; RFC 6455 has no other frame.
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        // An empty buffer only marks the end of what was written; it is no frame.
        var isData = message instanceof ByteBuf bytes && bytes.isReadable();
        var _ = context.write(isData ? new BinaryWebSocketFrame((ByteBuf) message) : message, promise);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        close(context, WebSocketCloseStatus.NORMAL_CLOSURE, promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedFrameException) {
            // The frame decoder has told the client, and closes.
            isClosing = true;
            metrics.webSocketEnded(ListenerMetrics.WebSocketEnd.FRAME);
            log.debug("WebSocket of {} is closed: {}", context.channel(), cause.getMessage());
            return;
        }
        context.fireExceptionCaught(cause);
    }

    /** The client may be answered for its latest ping alone (RFC 6455, 5.5.3): one that does not read gets no answers. */
    private static void answer(ChannelHandlerContext context, WebSocketFrame ping) {
        if (context.channel().isWritable()) {
            var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content()));
        } else {
            ping.release();
        }
    }

    private void onText(ChannelHandlerContext context, WebSocketFrame frame) {
        frame.release();
        metrics.webSocketEnded(ListenerMetrics.WebSocketEnd.TEXT);
        log.debug("WebSocket of {} is closed: MQTT is sent in binary frames", context.channel());
        close(
                context,
                WebSocketCloseStatus.INVALID_MESSAGE_TYPE,
                context.newPromise()); // [MQTT-6.0.0-1] [MQTT3-6.0.0-1]
    }

    /** The client says goodbye, or answers ours. */
    private void onClose(ChannelHandlerContext context, CloseWebSocketFrame close) {
        if (isClosing) {
            close.release();
            var _ = context.close();
            return;
        }
        isClosing = true;
        end(context, close, context.newPromise());
    }

    private void close(ChannelHandlerContext context, WebSocketCloseStatus status, ChannelPromise promise) {
        if (isClosing || !context.channel().isActive()) {
            var _ = context.close(promise);
            return;
        }
        isClosing = true;
        end(context, new CloseWebSocketFrame(status), promise);
    }

    /** Sends the last frame, and closes when it is with the network, or after a while. */
    private static void end(ChannelHandlerContext context, CloseWebSocketFrame last, ChannelPromise promise) {
        var sent = context.writeAndFlush(last);
        sent.addListener(_ -> {
            var _ = context.close(promise);
        });
        if (!sent.isDone()) {
            var forced = context.executor()
                    .schedule(
                            () -> {
                                var _ = context.close();
                            },
                            CLOSING_SECONDS_MAX,
                            TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(_ -> forced.cancel(false));
        }
    }
}
