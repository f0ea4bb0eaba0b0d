package io.meridianmq.fabric.relay;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.mesh.Outlet;
import io.meridianmq.core.place.Place;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the effects of a gateway's mesh go: to its links, and nowhere else. */
record GatewayOutlet(BiConsumer<Place, Frame> toLink) implements Outlet {

    private static final Logger log = LoggerFactory.getLogger(GatewayOutlet.class);

    @Override
    public void send(Place neighbour, Frame frame) {
        toLink.accept(neighbour, frame);
    }

    @Override
    public void asked(Frame.Request request) {
        log.debug("{} asks what a gateway does not answer", request.asker());
    }

    @Override
    public void answered(Frame.Response response) {
        log.debug("{} answers, but a gateway asks nothing", response.answerer());
    }

    @Override
    public void reported(Frame.Report report) {
        // The mesh passes it upward; global-control keeps it.
    }
}
