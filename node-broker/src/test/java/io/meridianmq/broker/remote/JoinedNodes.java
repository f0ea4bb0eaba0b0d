package io.meridianmq.broker.remote;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.stream.StreamOutlet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Two nodes joined by streams on which things arrive when the test's tasks are run. */
public final class JoinedNodes {

    private final Executor tasks;
    private final End first;
    private final End second;
    private final List<Runnable> held = new ArrayList<>();
    private long heldBytes;
    private boolean holdsForFirst;
    private boolean holdsForSecond;

    /** Counts the ends of the streams. */
    private int generation;

    private final class End implements StreamThread {
        private final Incarnation self;
        private final HandOff toLoops;
        private final List<StreamOutlet> outlet = new ArrayList<>();

        End(Incarnation self, Loops loops) {
            this.self = self;
            this.toLoops = HandOff.ofOtherThread(loops, tasks);
        }

        @Override
        public Incarnation self() {
            return self;
        }

        @Override
        public void onStreams(Consumer<Sender> task) {
            tasks.execute(() -> {
                task.accept(JoinedNodes.this::send);
                toLoops.flush();
            });
        }

        @Override
        public HandOff toLoops() {
            return toLoops;
        }

        @Override
        public void connectStreams(StreamOutlet newOutlet) {
            outlet.add(newOutlet);
        }

        private void arrived(Incarnation from, StreamItem item) {
            outlet.getLast().arrived(from, item);
            toLoops.flush();
        }

        private void ended(Incarnation peer) {
            outlet.getLast().streamEnded(peer);
            toLoops.flush();
        }
    }

    /** Two nodes on the same loops. */
    public JoinedNodes(Executor tasks, Loops loops, Incarnation first, Incarnation second) {
        this(tasks, first, loops, second, loops);
    }

    /** Two nodes on loops of their own. */
    public JoinedNodes(Executor tasks, Incarnation first, Loops loopsOfFirst, Incarnation second, Loops loopsOfSecond) {
        this.tasks = tasks;
        this.first = new End(first, loopsOfFirst);
        this.second = new End(second, loopsOfSecond);
    }

    public StreamThread first() {
        return first;
    }

    public StreamThread second() {
        return second;
    }

    /** Nothing arrives from now on. */
    public void hold() {
        holdsForFirst = true;
        holdsForSecond = true;
    }

    /** Nothing arrives at one of the two from now on. */
    public void holdFor(StreamThread end) {
        holdsForFirst |= end.self().equals(first.self);
        holdsForSecond |= end.self().equals(second.self);
    }

    /** Everything arrives again, first what was held. */
    public void goOn() {
        holdsForFirst = false;
        holdsForSecond = false;
        held.forEach(tasks::execute);
        held.clear();
        heldBytes = 0;
    }

    /** What is held counts so much. */
    public long heldBytes() {
        return heldBytes;
    }

    /** The streams end: what is on its way is lost, and others begin. */
    public void end() {
        endFor(first);
        endFor(second);
    }

    /** One of the two knows already that the streams have ended. */
    public void endFor(StreamThread end) {
        generation++;
        held.clear();
        tasks.execute(() -> to(end.self()).ended(other(end.self())));
    }

    /** Something arrives that the other node has not said. */
    public void forge(StreamThread at, StreamItem item) {
        tasks.execute(() -> to(at.self()).arrived(other(at.self()), item));
    }

    private void send(Incarnation peer, StreamItem item) {
        var sentIn = generation;
        var to = to(peer);
        Runnable arrival = () -> {
            if (generation == sentIn) {
                to.arrived(other(peer), item);
            }
        };
        if (peer.equals(first.self) ? holdsForFirst : holdsForSecond) {
            held.add(arrival);
            heldBytes += item.sizeBytes();
        } else {
            tasks.execute(arrival);
        }
    }

    private End to(Incarnation peer) {
        return peer.equals(first.self) ? first : second;
    }

    private Incarnation other(Incarnation peer) {
        return peer.equals(first.self) ? second.self : first.self;
    }
}
