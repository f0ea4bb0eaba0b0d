package io.meridianmq.core.lane;

import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;

/** Values that the tests of this package share. */
final class LaneFixtures {

    static final LaneKey LANE = lane(1);

    private LaneFixtures() {}

    static LaneKey lane(long sourceBoot) {
        return new LaneKey(Place.node("r", "a", "1"), sourceBoot, Place.zone("r", "b"), 7);
    }

    /** The publication with this number, of this many bytes. */
    static Publication publication(long number, int sizeBytes) {
        return new Publication(
                new PublicationId(1, 1, number),
                number,
                0,
                "t",
                Qos.AT_LEAST_ONCE,
                false,
                Publication.NEVER,
                new CountedBytes(sizeBytes));
    }

    static int holders(Publication publication) {
        return ((CountedBytes) publication.bytes()).holders();
    }
}
