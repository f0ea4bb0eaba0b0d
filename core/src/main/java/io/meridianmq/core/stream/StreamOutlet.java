package io.meridianmq.core.stream;

import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;

/** Where what other nodes say on streams goes. Called by the thread that drives the node; it may send from within. */
public interface StreamOutlet {

    /** A peer has said something: once, and in the order in which it was said. */
    void arrived(Incarnation peer, StreamItem item);

    /**
     * What was said to this peer may not have arrived, and of what it said before, nothing comes any more. What is sent from
     * here on goes on another stream, and so does what arrives: the peer has been told the same before it.
     *
     * <p>That includes what other threads of this node had on the way to be sent: they have to say about the connections
     * they meant that those have ended.
     */
    void streamEnded(Incarnation peer);
}
