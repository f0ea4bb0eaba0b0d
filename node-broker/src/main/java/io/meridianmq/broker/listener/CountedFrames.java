package io.meridianmq.broker.listener;

import io.meridianmq.broker.limit.PartialPackets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/**
 * Decodes WebSocket frames, which Netty keeps until they are complete: what there is of one is part of a packet. The
 * connection is closed when there is no room for that. One per connection.
 */
final class CountedFrames extends WebSocket13FrameDecoder {

    private final PartialPackets.Share partial;
    private boolean isOver;

    CountedFrames(WebSocketDecoderConfig config, PartialPackets.Share partial) {
        super(config);
        this.partial = partial;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (isOver) {
            in.skipBytes(in.readableBytes());
            return;
        }
        var before = out.size();
        super.decode(context, in, out);
        if (out.size() > before) {
            partial.release();
        } else if (!partial.hold(in.isReadable() ? in.capacity() : 0)) {
            isOver = true;
            in.skipBytes(in.readableBytes());
            var _ = context.channel().close();
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        super.handlerRemoved0(context);
        partial.release();
    }
}
