package io.meridianmq.cli.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Bytes from and to the frames of a WebSocket; to those behind it the channel is active when its handshake is done. */
final class WebSocketBytes extends ChannelDuplexHandler {

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // Not yet.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            context.fireChannelActive();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        // Its holder is from now on whoever takes the content: both have one counter.
        context.fireChannelRead(((WebSocketFrame) message).content());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        // The handshake's request comes this way as well.
        var _ = context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }
}
