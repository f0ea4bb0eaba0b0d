package io.meridianmq.broker.store;

import com.sun.management.OperatingSystemMXBean;
import io.meridianmq.bench.Folders;
import io.meridianmq.bench.Messages;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.RetainHandling;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionFacts;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.SessionProgress;
import io.meridianmq.core.session.SubscribeResult;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.session.SubscriptionOptions;
import io.meridianmq.retained.store.Durability;
import io.meridianmq.retained.store.StoreSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message into the queue of a durable session whose client is away: 64 messages for 64 sessions are one commit. The score is
 * the time until all are kept; every iteration prints the CPU time of the whole process for each message, which the budget
 * is about: 1.4 us, fsync aside.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class GroupCommitBenchmark {

    private static final int GROUP = 64;

    /** Groups that are kept one after the other before all of it is thrown away: no queue gets full. */
    private static final int GROUPS = 100;

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final ArrayDeque<Runnable> atEnd = new ArrayDeque<>();
    private final Loop loop = new Loop(0, tasks::add, atEnd::add);
    private final List<Session> sessions = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private Path folder;
    private SessionStore store;
    private LoopJournal journal;
    private Stamps.Numbers numbers;
    private Publication message;
    private int awaited;
    private long kept;
    private long cpuNanos;

    /** Opens the store. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Folders.create();
        var settings = StoreSettings.small(folder);
        var stamps = new Stamps(Place.node("r", "z", "1"), 1, new HybridClock());
        numbers = stamps.numbers();
        store = SessionStore.open(new SessionStore.Setup(
                settings.with(Durability.os(), 0), 1, stamps, Runnable::run, InstantSource.system()));
        journal = store.journal(loop);
        var version = ProtocolVersion.MQTT_5;
        var frame = Messages.frame(version, "plant/17/line/3/temperature", Qos.AT_MOST_ONCE, 0, 256);
        var packet = PacketDecoder.ofClientPackets(new TopicCache(), version).decode(frame, frame.readableBytes());
        message = Messages.publication("plant/17/line/3/temperature", PublishFrame.of((PublishPacket) packet));
    }

    /** Closes the store. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        Folders.delete(folder);
    }

    /** Starts to count CPU time. */
    @Setup(Level.Iteration)
    public void startCounting() {
        kept = 0;
        cpuNanos = 0;
    }

    /** Prints the CPU time for each message of the iteration. */
    @TearDown(Level.Iteration)
    public void printCpu() {
        System.out.printf("%d ns of CPU per message; ", cpuNanos / kept);
    }

    /** Sixty-four clients have a session each, and are away. */
    @Setup(Level.Invocation)
    public void makeSessions() throws InterruptedException {
        var options = new SubscriptionOptions(Qos.AT_LEAST_ONCE, false, false, RetainHandling.DO_NOT_SEND, 0);
        for (var i = 0; i < GROUP; i++) {
            var number = journal.newSession();
            var session =
                    new Session("client-" + i, i + 1, 0, () -> SessionLimits.DEFAULT, new Owner(), journal, number);
            var facts = new SessionFacts("client-" + i, ConnectionNumber.NONE, Session.NEVER_EXPIRES, 0);
            session.restore(facts, SessionProgress.NONE, 0);
            var subscribed = (SubscribeResult.Subscribed) session.subscribe("plant/#", options);
            sessions.add(session);
            subscriptions.add(subscribed.subscription());
        }
        awaitKept();
        cpuNanos -= cpuNanosNow();
    }

    /** All sessions end, and what they have is removed. */
    @TearDown(Level.Invocation)
    public void endSessions() throws InterruptedException {
        cpuNanos += cpuNanosNow();
        kept += GROUP * GROUPS;
        for (var session : sessions) {
            if (session.queued() != GROUPS) {
                throw new IllegalStateException(session.queued() + " messages of " + GROUPS + " are kept");
            }
            session.end(CloseReason.ADMINISTRATIVE_ACTION, 0);
        }
        sessions.clear();
        subscriptions.clear();
        awaitKept();
    }

    /** Sixty-four messages at a time. */
    @Benchmark
    @OperationsPerInvocation(GROUP * GROUPS)
    public void keep() throws InterruptedException {
        for (var group = 0; group < GROUPS; group++) {
            for (var i = 0; i < GROUP; i++) {
                var publication = new Publication(
                        numbers.next(),
                        message.timestamp(),
                        message.publisherHash(),
                        message.topic(),
                        Qos.AT_LEAST_ONCE,
                        false,
                        Publication.NEVER,
                        message.bytes());
                sessions.get(i).deliver(publication, subscriptions.get(i).terms(), 1);
            }
            awaitKept();
        }
    }

    private void awaitKept() throws InterruptedException {
        awaited++;
        journal.whenKept((_, _) -> awaited--);
        while (awaited > 0) {
            for (var task = atEnd.poll(); task != null; task = atEnd.poll()) {
                task.run();
            }
            if (awaited > 0) {
                tasks.take().run();
            }
        }
    }

    private static long cpuNanosNow() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static final class Owner implements SessionOwner {
        @Override
        public void ended(Session session) {
            // That is the end of it.
        }

        @Override
        public void presenceChanged(Session session) {
            // Nobody comes.
        }

        @Override
        public void dropped(Session session, DropReason reason) {
            if (reason != DropReason.SESSION_ENDED) {
                throw new IllegalStateException("dropped: " + reason);
            }
        }

        @Override
        public void passOn(Publication publication, Subscription subscription) {
            throw new IllegalStateException("there are no shared subscriptions");
        }

        @Override
        public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {
            throw new IllegalStateException("retained messages are not asked for");
        }
    }
}
