package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.ClaimOutlet;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotOutlet;
import io.meridianmq.core.stream.StreamOutlet;
import java.util.List;

/** Where a node's effects go. Called by the thread that drives the node. */
public interface NodeOutlet extends Outlet, ClaimOutlet, SlotOutlet, StreamOutlet {

    /**
     * Hands a publication from elsewhere to this node's sessions: to every matching subscription, and to one member of
     * each granted shared subscription. The bytes are shared for the duration of the call only.
     *
     * @param token what {@link NodeMesh#onKept} is to be told, if the result asks for it
     * @return whether sessions have to write it down first; of QoS 1 and 2 only
     */
    Custody deliver(Publication publication, List<GroupGrant> granted, long token);

    /**
     * Hands a publication that could not be kept once more to the sessions that have to write it down, and to no others.
     * Those that had kept it may get it twice.
     */
    Custody deliverAgain(Publication publication, List<GroupGrant> granted, long token);

    /** Hands a publication to one member of each granted shared subscription alone: all others have had it. */
    Custody deliverGranted(Publication publication, List<GroupGrant> granted, long token);

    /** In whose care a publication is. */
    enum Custody {
        /** In that of this node's sessions: whoever sent it need not keep it. */
        TAKEN,
        /** Still in its sender's, until {@link NodeMesh#onKept}, which is called once, after the delivery has returned. */
        AWAITED
    }

    /** The filters of this node's sessions, shared ones aside, that match a topic: for explaining, not for delivering. */
    List<String> filtersHere(String topic);

    /** Whether this node's sessions can take QoS 1 and 2 publications; while not, lanes to this node wait. */
    boolean hasRoom();

    /** Everything that the events since the last call led to has been handed out. */
    void endOfBatch();

    /** Another version of what is set for the platform has come; it is to be followed from now on. */
    void settingsChanged(PlatformSettings settings);

    /** Every node of the zone that wanted a publish has it, or has ended: its publisher may be acknowledged. */
    void accepted(long publishToken);

    /**
     * A subscription is known where it has to be.
     *
     * @param capped whether the wait was ended by its limit, with some member still not knowing
     */
    void visible(long subscribeToken, boolean capped);
}
