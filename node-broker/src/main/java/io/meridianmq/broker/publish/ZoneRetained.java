package io.meridianmq.broker.publish;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * The retained messages of a zone. Each is kept by the node that it was published at; a look-up asks all live nodes at once
 * and takes the newest version of each topic.
 *
 * <p>A node that does not answer within {@link #DEADLINE} is left out for the rest of the look-up, and counted; the
 * subscriber does not get what only that node has. One that refuses, since others ask it as well, is asked again a few
 * times. A clear hides older messages at other nodes as long as its node keeps the tombstone.
 *
 * <p>Any thread. Holds no more than the look-ups that are open, at most one for each session.
 */
public final class ZoneRetained implements RetainedMessages {

    /** How long other nodes have to answer. */
    static final Duration DEADLINE = Duration.ofSeconds(1);

    /** How often a node that refuses is asked again, each time after twice the pause: 0.3 s in all. */
    static final int REPEATS_MAX = 5;

    private static final long PAUSE_MILLIS = 10;

    private final Place self;
    private final LocalRetained local;
    private final ZonePeers peers;
    private final ScheduledExecutorService timer;
    private final InstantSource clock;
    private final LongAdder missed = new LongAdder();

    /**
     * A view of the zone.
     *
     * @param self this node
     * @param local what this node has; it also answers the others' questions: {@link LocalRetained#answer}
     * @param peers the other nodes
     * @param timer runs short tasks that do not block, one for each look-up; the mesh thread for example
     * @param clock wall clock, for expiry
     */
    public ZoneRetained(
            Place self,
            LocalRetained local,
            ZonePeers peers,
            ScheduledExecutorService timer,
            InstantSource clock,
            MeterRegistry registry) {
        this.self = self;
        this.local = local;
        this.peers = peers;
        this.timer = timer;
        this.clock = clock;
        FunctionCounter.builder("meridian_retained_lookup_missed_total", missed, LongAdder::sum)
                .description("Nodes that did not answer a look-up of retained messages in time")
                .register(registry);
    }

    @Override
    public void store(Publication publication, IntConsumer onStored) {
        local.store(publication, onStored);
    }

    @Override
    public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
        var question =
                new Question.RetainedLookup(filter.filter(), afterTopic, Math.min(limit, LocalRetained.LIMIT_MAX));
        ask(question, peers.others(), sink);
    }

    private void ask(Question.RetainedLookup question, List<Place> others, FoundSink sink) {
        var round = new ZoneRound(question, self, others);
        if (!others.isEmpty()) {
            at(DEADLINE.toMillis(), () -> endIf(round.onDeadline(), round, sink));
        }
        others.forEach(node -> ask(node, round, sink, 0));
        local.lookUpVersions(question, answer -> endIf(onAnswer(round, self, answer), round, sink));
    }

    private void ask(Place node, ZoneRound round, FoundSink sink, int repeats) {
        peers.ask(node, round.question(), answer -> {
            if (answer instanceof Answer.Refused && repeats < REPEATS_MAX) {
                at(PAUSE_MILLIS << repeats, () -> repeat(node, round, sink, repeats + 1));
            } else {
                endIf(onAnswer(round, node, answer), round, sink);
            }
        });
    }

    private void repeat(Place node, ZoneRound round, FoundSink sink, int repeats) {
        if (round.awaits(node)) {
            ask(node, round, sink, repeats);
        }
    }

    private static boolean onAnswer(ZoneRound round, Place node, Answer answer) {
        return switch (answer) {
            case Answer.RetainedFound found -> round.onAnswer(node, found);
            case Answer.Refused _, Answer.Explained _, Answer.Outcome _ -> round.onNoAnswer(node);
        };
    }

    private void endIf(boolean isOver, ZoneRound round, FoundSink sink) {
        if (!isOver) {
            return;
        }
        missed.add(round.missed());
        var page = round.take(clock.millis());
        if (page.found().isEmpty() && page.more()) {
            // Only clears up to here, and a subscriber goes on from the last message that it got.
            var question = round.question();
            var next = new Question.RetainedLookup(question.filter(), page.end(), question.limit());
            ask(next, round.othersAnswered(), sink);
        } else {
            sink.found(page.found(), page.more());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The task finds out by itself whether it still matters.
    private void at(long inMillis, Runnable task) {
        timer.schedule(task, inMillis, TimeUnit.MILLISECONDS);
    }
}
