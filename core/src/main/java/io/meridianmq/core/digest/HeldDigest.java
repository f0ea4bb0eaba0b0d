package io.meridianmq.core.digest;

import io.meridianmq.core.place.Place;
import io.meridianmq.digest.RemoteDigest;

/**
 * The digest of one other place.
 *
 * @param origin a zone or region
 * @param digest answers any thread; changed by the thread that drives the component
 */
public record HeldDigest(Place origin, RemoteDigest digest) {}
