package io.meridianmq.fabric.link;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;

/**
 * What happens on the links of one component. All methods are called by the mesh thread and do not block.
 *
 * <p>For one peer calls alternate: up, any number of frames, down, up again.
 */
public interface LinkEvents {

    /**
     * The link to a neighbour is open.
     *
     * @param peerBoot boot number of the process at the other end; a higher one than before means that it restarted
     */
    void onLinkUp(Place peer, long peerBoot);

    /** The link to a neighbour is closed; frames on their way may be lost. */
    void onLinkDown(Place peer);

    /**
     * A neighbour turned this component away, because its directory, no older than this one's, does not list this start of
     * it any more.
     */
    void onLeftOut(Place peer);

    /**
     * A frame arrived. The link releases its publications after the call: whoever keeps one shares it.
     */
    void onFrame(Place peer, Frame frame);
}
