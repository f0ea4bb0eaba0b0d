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

    private final List<LaneReceiver> owing = new ArrayList<>();
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
     */
    public LaneReceivers(long firstCustody, int lanesMax, Duration idle) {
        if (lanesMax < 1 || !idle.isPositive()) {
            throw new IllegalArgumentException(
                    "lane receivers need room for at least one lane and a positive idle time," + " not " + lanesMax
                            + " lanes and " + idle);
        }
        this.nextCustody = firstCustody;
        this.lanesMax = lanesMax;
        this.idleNanos = idle.toNanos();
    }

    /**
     * Judges one frame.
     *
     * @param capacity whether the caller can place the publication with its own sessions and in every onward lane
     * @param settles whether an accepted publication is settled with that; else {@link #onSettled} says when it is
     * @return what to do; on {@link Verdict#ACCEPTED} the caller places the publication before it calls {@link
     *     #flushAcks}, since the acknowledgement says that it has
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
        var owed = lane.owesAck();
        var verdict = lane.onData(frame.floor(), frame.number(), capacity, settles, nowNanos);
        if (!owed) {
            owing.add(lane);
        }
        if (verdict == Verdict.REFUSED) {
            refused.add(lane);
        }
        return verdict;
    }

    /** Whoever a publication that was accepted here was passed on to has accepted it: its source need not hold it. */
    public void onSettled(LaneKey key, long number) {
        var lane = lanes.get(key);
        if (lane == null) {
            return; // Forgotten since: its source asks whoever has the lane now.
        }
        var owed = lane.owesAck();
        lane.onSettled(number);
        if (!owed && lane.owesAck()) {
            owing.add(lane);
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
        owing.removeAll(forgotten);
        forgotten.forEach(refused::remove);
    }

    /** There is capacity again: the sources of refused frames are asked for them with the next acknowledgements. */
    public void onRoom() {
        for (var lane : refused) {
            var owed = lane.owesAck();
            lane.onRoom();
            if (!owed && lane.owesAck()) {
                owing.add(lane);
            }
        }
        refused.clear();
    }

    /** Hands out the acknowledgements owed, at most one for each lane since the last flush. */
    public void flushAcks(Consumer<Frame.LaneAck> sink) {
        for (var lane : owing) {
            sink.accept(lane.takeAck());
        }
        owing.clear();
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
        owing.removeAll(source.lanes());
        source.lanes().forEach(refused::remove);
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
        owing.remove(oldest);
        refused.remove(oldest);
        removeFromSource(oldest);
        return true;
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
