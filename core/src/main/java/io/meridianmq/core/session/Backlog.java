package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.function.Consumer;

/** QoS 1 and 2 messages behind a session's window, in order. Bounded: beyond its limits the newest is dropped. */
sealed interface Backlog permits MemoryBacklog, JournaledBacklog {

    /** Messages that wait. */
    int size();

    /** Whether a live message may go by, since nothing is before it. */
    boolean isPassable();

    /** Whether retained messages may come behind what is here. */
    boolean hasRoomForRetained();

    /** Whether a live message is one of QoS 2 that the session has had before a restart. */
    boolean hasHad(Publication publication);

    /** Takes in a message, or drops it. The publication is borrowed for the call. */
    void add(Publication publication, Qos qos, boolean retain, DeliveryTerms terms, long nowMillis);

    /** Whether there is a message to be sent next. */
    boolean hasNext();

    /** The message to be sent next. */
    Outbound peek();

    /** Takes out the message to be sent next. */
    Outbound next();

    /** Whether a message that is sent now may have been sent before. */
    boolean isDuplicate(Outbound outbound);

    /**
     * There is a connection.
     *
     * @param window gets what was sent before, and stays in it
     */
    void attach(Consumer<Outbound> window);

    /** The connection is gone; the window keeps what is sent again over the next one. */
    void detach(Window window);

    /** The client has received a QoS 2 message. */
    void received(Outbound outbound);

    /** A message is done with: acknowledged to the end, or left out. Its publication is still there, unless received. */
    void done(Outbound outbound);

    /**
     * The session is over.
     *
     * @param abandon gets every message that can be taken out now
     */
    void end(Consumer<Outbound> abandon);
}
