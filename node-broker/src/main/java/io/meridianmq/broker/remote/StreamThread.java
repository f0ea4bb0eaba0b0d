package io.meridianmq.broker.remote;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.stream.StreamOutlet;
import java.util.function.Consumer;

/** The thread that a node's streams to the other nodes of its zone belong to: the mesh thread. */
public interface StreamThread {

    /** The way out. For the thread itself. */
    @FunctionalInterface
    interface Sender {
        void send(Incarnation peer, StreamItem item);
    }

    /** This node in this start. */
    Incarnation self();

    /**
     * Runs a task on the thread, soon. Any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the node has ended
     */
    void onStreams(Consumer<Sender> task);

    /** The way from the thread to the loops; handed over after each batch of tasks. For the thread itself. */
    HandOff toLoops();

    /** The node has sessions and connections from now on: what arrives goes to {@code outlet}, on the thread. Any thread. */
    void connectStreams(StreamOutlet outlet);
}
