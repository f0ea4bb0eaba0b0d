package io.meridianmq.broker.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** A channel whose network takes everything at once and keeps nothing of it, or takes nothing at all. It counts. */
public final class SinkChannel extends EmbeddedChannel {

    private long bytes;
    private long writes;
    private long buffers;
    private boolean isStuck;

    /** Whether the network takes nothing from now on. */
    public void stuck(boolean nothing) {
        isStuck = nothing;
    }

    /** Bytes written to the network until now. */
    public long bytes() {
        return bytes;
    }

    /** Buffers written to the network until now: as many pieces for the kernel to gather. */
    long buffers() {
        return buffers;
    }

    /** How often something was written to the network: as many system calls. */
    public long writes() {
        return writes;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        if (isStuck) {
            return;
        }
        writes++;
        for (var message = in.current(); message != null; message = in.current()) {
            bytes += ((ByteBuf) message).readableBytes();
            buffers++;
            in.remove();
        }
    }
}
