package io.meridianmq.digest;

import io.meridianmq.topic.MatchSink;
import io.meridianmq.topic.TopicHashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a digest: what a place far away wants, as a gateway or node knows it.
 *
 * <p>One thread at a time calls {@link #accept}, {@link #apply} and {@link #snapshot}; the questions are for any thread,
 * take no locks and do not allocate.
 *
 * <p><b>Generations.</b> The present generation takes every delta, so it answers for everything its sender has told,
 * however long a new one takes to arrive: it only grows wider, never narrower. The new one is filled where no reader sees
 * it, deltas that arrive meanwhile are applied to it last, and then it takes over by one volatile store. A question reads
 * that reference once: it is answered by the old or by the new generation, each of them whole.
 *
 * <p><b>Out of step.</b> A delta that does not continue the last version means that something was lost, or that the sender
 * is a new process. Then {@link #isCurrent} is false until a snapshot is complete, and the last state goes on answering.
 */
public final class RemoteDigest {

    /** What became of a chunk or delta. */
    public enum Outcome {
        /** It was taken. */
        APPLIED,
        /** It brings nothing that is not here. */
        IGNORED,
        /** It does not continue what is here: ask for a snapshot. */
        OUT_OF_STEP
    }

    private final DigestLimits limits;
    private volatile @Nullable RemoteGeneration present;
    private volatile DigestPosition position = DigestPosition.NONE;
    private volatile boolean current;
    private @Nullable IncomingGeneration incoming;

    /** One that knows nothing yet, so that nothing matches. */
    public RemoteDigest(DigestLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes the next chunk of a snapshot; the first one may come at any time and drops another snapshot that is incomplete.
     * Writer only.
     *
     * @throws DigestException if it is corrupt or too large; nothing has changed, but that a snapshot whose chunks do not
     *     make a whole is dropped with its last one
     */
    public Outcome accept(DigestChunk chunk) throws DigestException {
        if (chunk.index() == 0) {
            if (current && chunk.version() < position.version()) {
                return Outcome.OUT_OF_STEP;
            }
            incoming = new IncomingGeneration(chunk, limits);
            return Outcome.APPLIED;
        }
        var filling = incoming;
        if (filling == null || !filling.expects(chunk)) {
            return Outcome.OUT_OF_STEP;
        }
        filling.accept(chunk);
        if (filling.hasAllChunks()) {
            incoming = null;
            var complete = filling.complete();
            present = complete;
            position = new DigestPosition(complete.number(), filling.version());
            current = true;
        }
        return Outcome.APPLIED;
    }

    /**
     * Applies a delta. Writer only.
     *
     * @throws DigestException if it would make this digest larger than allowed; nothing has changed
     */
    public Outcome apply(DigestDelta delta) throws DigestException {
        if (incoming != null && !incoming.takes(delta)) {
            incoming = null;
        }
        var here = present;
        if (here != null && delta.toVersion() <= position.version()) {
            return Outcome.IGNORED;
        }
        if (here != null && delta.fromVersion() <= position.version()) {
            here.apply(delta);
            position = new DigestPosition(here.number(), delta.toVersion());
            return Outcome.APPLIED;
        }
        current = false;
        return incoming != null ? Outcome.APPLIED : Outcome.OUT_OF_STEP;
    }

    /** How far this digest has come; what to acknowledge. Everything up to it shows in answers given later. Any thread. */
    public DigestPosition position() {
        return position;
    }

    /** Whether it has a state, and has missed nothing since. Any thread. */
    public boolean isCurrent() {
        return current;
    }

    /** Whether the place may want the topic; false means that it does not, as far as it told. Any thread. */
    public boolean mightMatch(TopicHashes topic) {
        var generation = present;
        return generation != null && generation.mightMatch(topic);
    }

    /** Whether the place may have this literal: a filter's or a client id's {@code TopicHash.ofLiteral}. Any thread. */
    public boolean mightContain(long key) {
        var generation = present;
        return generation != null && generation.mightContain(key);
    }

    /**
     * Gives the sink the shared subscriptions that match. One whose members just came online or went away may come twice,
     * once each way. Any thread.
     */
    public void matchGroups(TopicHashes topic, MatchSink<? super DigestGroup> sink) {
        var generation = present;
        if (generation != null) {
            generation.groups().match(topic, sink);
        }
    }

    /** Why the topic passes: empty if it does not. Allocates. Any thread. */
    public List<DigestMatch> explain(TopicHashes topic) {
        var reasons = new ArrayList<DigestMatch>();
        var generation = present;
        if (generation != null) {
            generation.explain(topic, reasons);
        }
        return List.copyOf(reasons);
    }

    /**
     * This digest as a snapshot for somebody further on, to whom the sender's later deltas are relayed as they are; empty
     * before the first one is complete. Copies the bits. Writer only.
     */
    public Optional<DigestSnapshot> snapshot() {
        var generation = present;
        return generation == null ? Optional.empty() : Optional.of(generation.snapshot(position.version()));
    }
}
