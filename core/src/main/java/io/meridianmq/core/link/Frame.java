package io.meridianmq.core.link;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.digest.DigestChunk;
import io.meridianmq.digest.DigestDelta;
import io.meridianmq.digest.DigestPosition;
import java.util.List;
import java.util.Map;

/**
 * What travels on a link, between two neighbours.
 *
 * <p>Frames that are {@link Addressed} are passed on from hop to hop toward their destination by components that do not
 * look inside; all others are for the neighbour itself.
 */
public sealed interface Frame {

    /** At most this many links are crossed by any frame; a frame that would cross more is dropped and counted. */
    int HOPS_MAX = 6;

    /** A frame for one destination, passed on by everybody on the way. */
    sealed interface Addressed extends Frame {

        /** The component it is for. A zone or region with a lane frame means the landing node chosen by its gateway. */
        Place destination();

        /** How many links it has crossed. */
        int hops();

        /** The same frame after one more link. */
        Addressed hopped();
    }

    /**
     * A QoS 0 publication on its way along interest and digests; each target's gateway fans it out further.
     *
     * @param source the node that has the publisher
     * @param targets the nodes, zones or regions that this copy is for
     * @param grants which shared subscriptions which target serves
     * @param hops links crossed
     */
    record Forward(Place source, Publication publication, List<Place> targets, List<GroupGrant> grants, int hops)
            implements Frame {
        public Forward {
            targets = List.copyOf(targets);
            grants = List.copyOf(grants);
        }
    }

    /**
     * One numbered publication of a lane.
     *
     * @param floor lowest number that the source still holds, at least 1: what is below has been settled, if not by this
     *     receiver then by one that held the lane before it, and is never sent again
     * @param number position in the lane, from 1, without gaps, never below {@code floor}
     */
    record LaneData(LaneKey lane, long floor, long number, Publication publication, Waybill waybill, int hops)
            implements Addressed {
        public LaneData {
            if (floor < 1 || number < floor) {
                throw new IllegalArgumentException("lane number " + number + " with floor " + floor
                        + ": floors start at 1 and no number is below its floor");
            }
        }

        @Override
        public Place destination() {
            return lane.destination();
        }

        @Override
        public LaneData hopped() {
            return new LaneData(lane, floor, number, publication, waybill, hops + 1);
        }
    }

    /**
     * How far a lane's receiver has come.
     *
     * @param custody identifies the receiver's state for this lane: another value means another receiver, or one that
     *     forgot the lane and began again
     * @param mark highest number accepted or below a floor it was sent, everything below included; 0 for none
     * @param settled highest number, at most {@code mark}, of which, and of everything below, the receiver has nothing left
     *     to do: whoever it passed them on to has accepted them. The source need not hold them for another receiver
     * @param gap whether the source should send from the mark again: a number above the next one arrived, or there is
     *     room again for one that was refused
     */
    record LaneAck(LaneKey lane, long custody, long mark, long settled, boolean gap, int hops) implements Addressed {
        @Override
        public Place destination() {
            return lane.source();
        }

        @Override
        public LaneAck hopped() {
            return new LaneAck(lane, custody, mark, settled, gap, hops + 1);
        }
    }

    /**
     * Part of a holder's whole interest at one version; parts arrive in order, the last one completes it.
     *
     * @param part from 0
     * @param last whether this part completes the snapshot
     */
    record InterestSnapshot(InterestKey key, long version, int part, boolean last, InterestEntries entries)
            implements Frame {}

    /** What changed in a holder's interest between two versions. */
    record InterestDelta(
            InterestKey key, long fromVersion, long toVersion, InterestEntries added, InterestEntries removed)
            implements Frame {}

    /**
     * The receiver holds this version of a holder's interest.
     *
     * @param current false if the receiver cannot apply what it got and needs a snapshot
     */
    record InterestAck(InterestKey key, long version, boolean current) implements Frame {}

    /** What a holder's interest should look like, for comparison on connect and every 30 s. */
    record InterestSummary(InterestKey key, long version, long checksum) implements Frame {}

    /** A frame about the digest of one place. Digests of a later start of a place have higher generations and versions. */
    sealed interface DigestFrame extends Frame {

        /** Whose digest it is: a zone's or a region's. */
        Place origin();
    }

    /** The sender can tell a digest, and this is how far it has come; on connect and every 30 s. */
    record DigestOffer(Place origin, DigestPosition position) implements DigestFrame {}

    /** Part of a whole digest. */
    record DigestPart(Place origin, DigestChunk chunk) implements DigestFrame {}

    /** A change of a digest. */
    record DigestChange(Place origin, DigestDelta delta) implements DigestFrame {}

    /**
     * The answer to each of the others: what the receiver holds.
     *
     * @param outOfStep whether what it answers did not continue what is held, or was damaged
     */
    record DigestAck(Place origin, DigestPosition position, boolean outOfStep) implements DigestFrame {}

    /**
     * Who a component is, for those above who do not see the directory it is listed in, and its live figures; passed
     * upward once a second, and a later report replaces an earlier one.
     *
     * @param member the component's own entry in its directory
     * @param atMillis when the figures were taken, in milliseconds since 1970 on that component's clock
     * @param figures by metric name
     * @param links at most {@link #LINKS_MAX}: of a component that has more, those that are down come first
     */
    record Report(Member member, long atMillis, Map<String, Double> figures, List<LinkReport> links) implements Frame {

        /** Twice what a zone of 100 nodes needs. */
        public static final int LINKS_MAX = 200;

        public Report {
            figures = Map.copyOf(figures);
            links = List.copyOf(links);
        }
    }

    /** A frame about the settings of the platform. */
    sealed interface SettingsFrame extends Frame {}

    /** Everything that is set for the platform, at one version. */
    record Settings(PlatformSettings settings) implements SettingsFrame {}

    /** The sender holds this version of the settings; on connect, and in answer to others' versions. */
    record SettingsHeld(long version) implements SettingsFrame {}

    /**
     * A message between two nodes of a zone about slots; it may get lost, and whoever sends it sends it again until it is
     * answered.
     *
     * @param sourceBoot the source's boot number: what an earlier start of it still has under way is void
     */
    record Between(Place source, long sourceBoot, Place destination, SlotMessage message, int hops)
            implements Addressed {

        /** Who says it. */
        public Incarnation from() {
            return new Incarnation(source, sourceBoot);
        }

        @Override
        public Between hopped() {
            return new Between(source, sourceBoot, destination, message, hops + 1);
        }
    }

    /**
     * A question to one component; answered at most once. If the question has a {@linkplain Question#slot slot} and the
     * destination is a zone or region, it is for the owner of that slot there.
     *
     *
     * @param id number chosen by the asker, unique in its boot
     */
    record Request(long id, Place asker, Place destination, Question question, int hops) implements Addressed {
        @Override
        public Request hopped() {
            return new Request(id, asker, destination, question, hops + 1);
        }

        /** The same for another component. */
        public Request to(Place other) {
            return new Request(id, asker, other, question, hops);
        }
    }

    /** The answer to the request with the same number. */
    record Response(long id, Place answerer, Place destination, Answer answer, int hops) implements Addressed {
        @Override
        public Response hopped() {
            return new Response(id, answerer, destination, answer, hops + 1);
        }
    }
}
