package io.meridianmq.broker.listener;

import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.Locale;

/** How event loops hear of their connections. */
public enum NetworkIo {
    /** {@link #EPOLL} where the system has it, else {@link #NIO}. */
    AUTO,
    /** Linux's epoll, by Netty's native library. */
    EPOLL,
    /** Linux's io_uring, by Netty's native library. */
    IO_URING,
    /** The JDK's selectors. */
    NIO;

    /** A way to make loops, and the server channels that go with them. */
    record Kind(IoHandlerFactory factory, Class<? extends ServerChannel> serverChannel) {}

    /** @throws StartRefusedException if the system does not have it */
    Kind kind() {
        return switch (this) {
            case AUTO -> Epoll.isAvailable() ? EPOLL.kind() : NIO.kind();
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw unavailable(Epoll.unavailabilityCause());
                }
                yield new Kind(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
            }
            case IO_URING -> {
                if (!IoUring.isAvailable()) {
                    throw unavailable(IoUring.unavailabilityCause());
                }
                yield new Kind(IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
            }
            case NIO -> new Kind(NioIoHandler.newFactory(), NioServerSocketChannel.class);
        };
    }

    private StartRefusedException unavailable(Throwable cause) {
        return new StartRefusedException("io: this system does not have "
                + name().toLowerCase(Locale.ROOT).replace('_', '-') + " (" + cause.getMessage()
                + "); leave the setting out, and the broker takes what there is");
    }
}
