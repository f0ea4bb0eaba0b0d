package io.meridianmq.core.lane;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The destination of every lane that ends here: says what to do with each frame and how far each lane has come.
 *
 * <p>Owned by one thread. Publications in the frames stay the caller's. Bounded by a number of lanes: when it is reached,
 * the lane unused for longest makes way if it has been idle long enough, else the new lane is refused and counted, and
 * its source keeps asking. Forgetting an idle lane costs nothing: its source has nothing outstanding, and the floor of
 * its next frame says where to begin.
 */
public final class LaneReceivers {

    /** The lanes of one boot of one source. */
    private record Source(long boot, List<LaneReceiver> lanes) {}

    private final int lanesMax;
    private final long idleNanos;
    private final Map<Place, Source> sources = new HashMap<>();
    /** In order of use, so that the first one is the longest unused. */
    private final LinkedHashMap<LaneKey, LaneReceiver> lanes = new LinkedHashMap<>(16, 0.75f, true);

    private final Predicate<LaneKey> isWaitedFor;

    /** Lanes that are owed an acknowledgement now. */
    private final Set<LaneReceiver> owing = new LinkedHashSet<>();

    /** Lanes that are owed one for which nobody waits: by and by one says what several would. Disjoint from the former. */
    private final Set<LaneReceiver> owingLater = new LinkedHashSet<>();

    private final Set<LaneReceiver> refused = new LinkedHashSet<>();
    private long nextCustody;
    private long refusedLanes;
    private long staleFrames;

    /**
     * @param firstCustody custody number of the first lane; the next ones follow. No other receiver that a lane may land
     *     on, no earlier start of this one included, may use the same numbers: a source could take a receiver that knows
     *     nothing for one that it heard already
     * @param lanesMax lanes held at most, at least 1
     * @param idle a lane unused for this long may make way for a new one; longer than any source's resend timeout
     * @param isWaitedFor whether somebody waits for what comes on a lane to be accepted
     */
    public LaneReceivers(long firstCustody, int lanesMax, Duration idle, Predicate<LaneKey> isWaitedFor) {
        if (lanesMax < 1 || !idle.isPositive()) {
            throw new IllegalArgumentException(
                    "lane receivers need room for at least one lane and a positive idle time," + " not " + lanesMax
                            + " lanes and " + idle);
        }
        this.nextCustody = firstCustody;
        this.lanesMax = lanesMax;
        this.idleNanos = idle.toNanos();
        this.isWaitedFor = isWaitedFor;
    }

    /**
     * Judges one frame.
     *
     * @param capacity whether the caller can place the publication with its own sessions and in every onward lane
     * @param settles whether an accepted publication is settled with that; else {@link #onSettled} says when it is
     * @return what to do; on {@link Verdict#ACCEPTED} the caller places the publication before it calls {@link
     *     #flushAcks}, since the acknowledgement says that it has, unless {@link #awaitKept} is called before that, too. On
     *     {@link Verdict#KEEP_AGAIN} it is not acknowledged before {@link #onKept}
     */
    public Verdict onData(Frame.LaneData frame, boolean capacity, boolean settles, long nowNanos) {
        var lane = lanes.get(frame.lane());
        if (lane == null) {
            var source = sources.get(frame.lane().source());
            if (source != null && frame.lane().sourceBoot() < source.boot()) {
                staleFrames++;
                return Verdict.STALE;
            }
            if (source != null && frame.lane().sourceBoot() > source.boot()) {
                dropSource(frame.lane().source());
            }
            if (lanes.size() >= lanesMax && !dropOldest(nowNanos)) {
                refusedLanes++;
                return Verdict.REFUSED;
            }
            lane = open(frame.lane());
        }
        var verdict = lane.onData(frame.floor(), frame.number(), capacity, settles, nowNanos);
        if (verdict == Verdict.ACCEPTED) {
            oweProgress(lane);
        } else {
            owe(lane);
        }
        if (verdict == Verdict.REFUSED) {
            refused.add(lane);
        }
        return verdict;
    }

    /**
     * Neither this number, which was accepted since the last {@link #flushAcks}, nor anything behind it is acknowledged
     * before it is kept.
     */
    public void awaitKept(LaneKey key, long number) {
        var lane = lanes.get(key);
        if (lane != null) {
            lane.awaitKept(number);
        }
    }

    /** A number is kept here. */
    public void onKept(LaneKey key, long number) {
        var lane = lanes.get(key);
        if (lane != null) {
            lane.onKept(number);
            oweProgress(lane);
        }
    }

    /**
     * A number could not be kept here. Its source, which holds it, sends it again when it has waited long enough; until then
     * the lane takes nothing new, so that nothing is overtaken.
     */
    public void onNotKept(LaneKey key, long number) {
        var lane = lanes.get(key);
        if (lane != null) {
            lane.onNotKept(number);
        }
    }

    /** Whoever a publication that was accepted here was passed on to has accepted it: its source need not hold it. */
    public void onSettled(LaneKey key, long number) {
        var lane = lanes.get(key);
        if (lane == null) {
            return; // Forgotten since: its source asks whoever has the lane now.
        }
        lane.onSettled(number);
        if (lane.owesAck()) {
            oweLater(lane);
        }
    }

    /** Forgets lanes that end here no longer. */
    public void forget(Predicate<LaneKey> which) {
        var forgotten =
                lanes.values().stream().filter(lane -> which.test(lane.lane())).toList();
        for (var lane : forgotten) {
            lanes.remove(lane.lane());
            removeFromSource(lane);
        }
        forgotten.forEach(this::oweNothing);
    }

    /** There is capacity again: the sources of refused frames are asked for them with the next acknowledgements. */
    public void onRoom() {
        for (var lane : refused) {
            lane.onRoom();
            if (lane.owesAck()) {
                owe(lane);
            }
        }
        refused.clear();
    }

    /** Hands out the acknowledgements that somebody waits for, at most one for each lane since the last flush. */
    public void flushAcks(Consumer<Frame.LaneAck> sink) {
        handOut(owing, sink);
    }

    /** Hands out the others. To be called well within the shortest time after which a source sends again. */
    public void flushLateAcks(Consumer<Frame.LaneAck> sink) {
        handOut(owingLater, sink);
    }

    private static void handOut(Set<LaneReceiver> lanes, Consumer<Frame.LaneAck> sink) {
        var owed = List.copyOf(lanes);
        lanes.clear(); // Before the sink has them, which may make room here.
        for (var lane : owed) {
            if (lane.owesAck()) { // Not if what it accepted is not kept yet.
                sink.accept(lane.takeAck());
            }
        }
    }

    private void oweProgress(LaneReceiver lane) {
        if (!lane.owesAck()) {
            return;
        }
        if (isWaitedFor.test(lane.lane())) {
            owe(lane);
        } else {
            oweLater(lane);
        }
    }

    private void owe(LaneReceiver lane) {
        owingLater.remove(lane);
        owing.add(lane);
    }

    private void oweLater(LaneReceiver lane) {
        if (!owing.contains(lane)) {
            owingLater.add(lane);
        }
    }

    /** Forgets every lane from {@code place}: it left the view. */
    public void dropSource(Place place) {
        var source = sources.remove(place);
        if (source == null) {
            return;
        }
        for (var lane : source.lanes()) {
            lanes.remove(lane.lane());
        }
        source.lanes().forEach(this::oweNothing);
    }

    /** Lanes held. */
    public int size() {
        return lanes.size();
    }

    /** Frames refused because their lane would have been one too many. */
    public long refusedLanes() {
        return refusedLanes;
    }

    /** Frames of boots that had ended. */
    public long staleFrames() {
        return staleFrames;
    }

    private LaneReceiver open(LaneKey key) {
        var lane = new LaneReceiver(key, nextCustody++);
        lanes.put(key, lane);
        sources.computeIfAbsent(key.source(), _ -> new Source(key.sourceBoot(), new ArrayList<>()))
                .lanes()
                .add(lane);
        return lane;
    }

    private boolean dropOldest(long nowNanos) {
        Iterator<LaneReceiver> oldestFirst = lanes.values().iterator();
        var oldest = oldestFirst.next();
        if (nowNanos - oldest.usedNanos() < idleNanos) {
            return false;
        }
        oldestFirst.remove();
        oweNothing(oldest);
        removeFromSource(oldest);
        return true;
    }

    private void oweNothing(LaneReceiver lane) {
        owing.remove(lane);
        owingLater.remove(lane);
        refused.remove(lane);
    }

    private void removeFromSource(LaneReceiver lane) {
        var place = lane.lane().source();
        var source = Objects.requireNonNull(sources.get(place), "a lane held has its source");
        source.lanes().remove(lane);
        if (source.lanes().isEmpty()) {
            sources.remove(place);
        }
    }
}
