package io.meridianmq.broker.publish;

import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.retained.RetainedStore;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.RetainedEntry;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedTombstone;
import io.meridianmq.retained.store.StoreException;
import io.meridianmq.retained.warm.PutOutcome;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.TopicFilter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's share of the retained messages of a platform, on its disk. Reads run on threads that may block, and first wait
 * for what was written before; their results are handed over on the mesh thread.
 */
public final class RetainedDisk implements RetainedStore {

    private static final Logger log = LoggerFactory.getLogger(RetainedDisk.class);

    /** Reads at once. */
    private static final int READERS_MAX = 32;

    /** Look-ups that wait for their turn; one more is refused, and asked again by who asked. */
    static final int WAITING_MAX = 1_000;

    /** A tombstone of this age may have been forgotten elsewhere, where clocks are ahead. */
    private static final Duration TOMBSTONES_COUNT = Duration.ofHours(12);

    private static final String FAILED = "the store of retained messages failed; its node's log says why";

    private final WarmTier warm;
    private final Executor blocking;
    private final InstantSource clock;
    private final Semaphore readers = new Semaphore(READERS_MAX);
    private final AtomicInteger waiting = new AtomicInteger();
    private final CompletableFuture<Executor> home = new CompletableFuture<>();

    /**
     * A store on top of a tier.
     *
     * @param blocking runs each task on a thread that may block, a virtual one
     * @param clock wall clock, for expiry
     */
    public RetainedDisk(WarmTier warm, Executor blocking, InstantSource clock) {
        this.warm = warm;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** Says where results are handed over; until then they wait. */
    public void connect(Executor meshThread) {
        home.complete(meshThread);
    }

    @Override
    public void keep(Publication publication, Consumer<Kept> onKept) {
        if (!RetainedFrames.put(warm, publication, outcome -> later(() -> onKept.accept(kept(outcome))))) {
            onKept.accept(Kept.FULL); // Too much is waiting for the disk already.
        }
    }

    private static Kept kept(PutOutcome outcome) {
        return switch (outcome) {
            case STORED -> Kept.STORED;
            case SUPERSEDED -> Kept.SUPERSEDED;
            case FULL -> Kept.FULL;
            case FAILED -> Kept.FAILED;
        };
    }

    @Override
    public void find(Question.RetainedLookup lookup, Predicate<String> answers, Consumer<Answer> onAnswer) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            onAnswer.accept(new Answer.Refused("busy"));
            return;
        }
        read(() -> {
            waiting.decrementAndGet();
            var found = new ArrayList<Publication>();
            var answer = versions(lookup, answers, found);
            hand(found, () -> onAnswer.accept(answer));
        });
    }

    /** @param found gets the publications of the answer, also if it then fails */
    private Answer versions(Question.RetainedLookup lookup, Predicate<String> answers, List<Publication> found) {
        try {
            var filter = TopicFilter.of(lookup.filter());
            var limit = Math.min(lookup.limit(), LIMIT_MAX);
            var topics = new TopicCache();
            var bytes = 0L;
            var after = Optional.of(lookup.afterTopic()).filter(topic -> !topic.isEmpty());
            while (true) {
                var page = warm.scanVersions(filter, after, limit);
                for (var entry : page.entries()) {
                    if (!answers.test(entry.topic())) {
                        continue;
                    }
                    bytes += sizeBytes(entry);
                    if (found.size() == limit || (bytes > PAGE_BYTES_MAX && !found.isEmpty())) {
                        return new Answer.RetainedFound(found, true, 0);
                    }
                    found.add(RetainedFrames.publication(entry, topics));
                }
                if (page.next().isEmpty()) {
                    return new Answer.RetainedFound(found, false, 0);
                }
                after = page.next();
            }
        } catch (StoreException | ProtocolException e) {
            log.error("look-up of retained messages for {} failed; subscribers get none of this node's", lookup, e);
            return new Answer.Refused(FAILED);
        } catch (IllegalArgumentException e) {
            return new Answer.Refused("not a look-up of retained messages: " + e.getMessage());
        }
    }

    private static long sizeBytes(RetainedEntry entry) {
        return 100L
                + entry.topic().length()
                + switch (entry) {
                    case RetainedMessage message -> message.bytes().sizeBytes();
                    case RetainedTombstone _ -> 0;
                };
    }

    @Override
    public void read(int slot, String afterTopic, Consumer<Optional<SlotPage>> onPage) {
        read(() -> {
            var found = new ArrayList<Publication>();
            var page = page(slot, afterTopic, found);
            hand(found, () -> onPage.accept(page));
        });
    }

    private Optional<SlotPage> page(int slot, String afterTopic, List<Publication> found) {
        try {
            var topics = new TopicCache();
            var after = Optional.of(afterTopic).filter(topic -> !topic.isEmpty());
            var page = warm.scanSlot(slot, after);
            while (page.entries().isEmpty() && page.next().isPresent()) {
                page = warm.scanSlot(slot, page.next());
            }
            var bytes = 0L;
            for (var entry : page.entries()) {
                bytes += sizeBytes(entry);
                if (bytes > PAGE_BYTES_MAX && !found.isEmpty()) {
                    return Optional.of(new SlotPage(found, true));
                }
                found.add(RetainedFrames.publication(entry, topics));
            }
            return Optional.of(new SlotPage(found, page.next().isPresent()));
        } catch (StoreException | ProtocolException e) {
            log.error("slot {} of the retained messages could not be read; it is tried again", slot, e);
            return Optional.empty();
        }
    }

    @Override
    public void sum(int slot, Predicate<String> counts, Consumer<OptionalLong> onSum) {
        read(() -> {
            var sum = sum(slot, counts);
            later(() -> onSum.accept(sum));
        });
    }

    private OptionalLong sum(int slot, Predicate<String> counts) {
        try {
            var oldest = HybridClock.ofMillis(clock.millis() - TOMBSTONES_COUNT.toMillis());
            var sum = 0L;
            var page = warm.scanSlot(slot, Optional.empty());
            while (true) {
                for (var entry : page.entries()) {
                    var isForgotten = entry instanceof RetainedTombstone
                            && entry.version().timestamp() < oldest;
                    if (!isForgotten && counts.test(entry.topic())) {
                        sum += RetainedStore.checksum(entry.topic(), entry.version());
                    }
                }
                if (page.next().isEmpty()) {
                    return OptionalLong.of(sum);
                }
                page = warm.scanSlot(slot, page.next());
            }
        } catch (StoreException e) {
            log.error("slot {} of the retained messages could not be read; it is tried again", slot, e);
            return OptionalLong.empty();
        }
    }

    @Override
    public void forget(String topic, RetainedVersion version) {
        if (!warm.forget(topic, version)) {
            log.debug("{} is forgotten later: too much is waiting for the disk", topic);
        }
    }

    @Override
    public boolean isShown(Publication publication) {
        return !RetainedFrames.isClear(publication) && !publication.isExpired(clock.millis());
    }

    private void read(Runnable reading) {
        blocking.execute(() -> {
            readers.acquireUninterruptibly();
            try {
                warm.awaitSubmitted();
                reading.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // The node stops: nobody waits for the result.
            } finally {
                readers.release();
            }
        });
    }

    /** Hands a result over, and releases what was found for it. */
    private void hand(List<Publication> found, Runnable result) {
        var isTaken = later(() -> {
            result.run();
            found.forEach(Publication::release);
        });
        if (!isTaken) {
            found.forEach(Publication::release);
        }
    }

    /** On the mesh thread; false if that has ended, and with it whoever waits. */
    private boolean later(Runnable result) {
        try {
            home.join().execute(result);
            return true;
        } catch (RejectedExecutionException e) {
            log.debug("the node stopped while its disk was being read", e);
            return false;
        }
    }
}
