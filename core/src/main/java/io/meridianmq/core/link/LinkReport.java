package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;

/**
 * How one link of a component is, as that end of it sees it.
 *
 * @param peer the neighbour at the other end
 * @param up whether it is open
 * @param roundTripMicros of the last heartbeat, both mesh threads' waiting included; 0 before the first answer
 * @param sentBytes handed to the transport since the component started, before compression
 * @param receivedBytes received since the component started, after decompression
 */
public record LinkReport(Place peer, boolean up, long roundTripMicros, long sentBytes, long receivedBytes) {}
