package io.meridianmq.broker.listener;

import com.google.common.net.InetAddresses;
import io.meridianmq.broker.front.Connection;
import io.meridianmq.broker.limit.Visit;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the PROXY protocol header that a load balancer sends first, then leaves the pipeline. One per connection. */
final class ProxyProtocol extends SimpleChannelInboundHandler<HAProxyMessage> {

    private static final Logger log = LoggerFactory.getLogger(ProxyProtocol.class);

    private final Visit visit;

    ProxyProtocol(Visit visit) {
        this.visit = visit;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        var address = header.sourceAddress();
        // The load balancer's own health checks name none; a local client of its is on no network.
        if (address != null && InetAddresses.isInetAddress(address)) {
            var client = new InetSocketAddress(InetAddresses.forString(address), header.sourcePort());
            context.channel().attr(Connection.CLIENT_ADDRESS).set(client);
            Frontage.arrive(context.channel(), visit, client.getAddress());
        }
        context.pipeline().remove(this);
        if (visit.isOver()) {
            var _ = context.channel().close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("connection from {} has no PROXY protocol header and is closed", context.channel(), cause);
        var _ = context.close();
    }
}
