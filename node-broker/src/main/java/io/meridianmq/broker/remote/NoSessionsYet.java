package io.meridianmq.broker.remote;

import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.stream.StreamOutlet;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a node says that joins its zone and does not take clients yet: whoever asks it for a session is refused, and comes
 * again. Belongs to the mesh thread.
 */
public final class NoSessionsYet implements StreamOutlet {

    private final StreamThread thread;
    private final CanonicalBytes refusal = CanonicalBytes.wrap(
            new ToClientCodec(InstantSource.system()).write(new ToClient.Refuse(ReasonCode.SERVER_BUSY)));

    public NoSessionsYet(StreamThread thread) {
        this.thread = thread;
    }

    @Override
    public void arrived(Incarnation peer, StreamItem item) {
        if (Kind.find(item.body()).equals(Optional.of(Kind.ATTACH))) {
            thread.onStreams(sender -> sender.send(peer, new StreamItem(item.connection(), refusal)));
        }
    }

    @Override
    public void streamEnded(Incarnation peer) {
        // There is nothing yet that went over it.
    }
}
