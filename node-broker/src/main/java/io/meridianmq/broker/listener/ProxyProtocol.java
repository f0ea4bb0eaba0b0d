package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.Connection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the PROXY protocol header that a load balancer sends first, then leaves the pipeline. One per connection. */
final class ProxyProtocol extends SimpleChannelInboundHandler<HAProxyMessage> {

    private static final Logger log = LoggerFactory.getLogger(ProxyProtocol.class);

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        var address = header.sourceAddress();
        if (address != null) { // The load balancer's own health checks name none.
            context.channel()
                    .attr(Connection.CLIENT_ADDRESS)
                    .set(InetSocketAddress.createUnresolved(address, header.sourcePort()));
        }
        context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("connection from {} has no PROXY protocol header and is closed", context.channel(), cause);
        var _ = context.close();
    }
}
