package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;

/**
 * Whose interest: one holder in one boot. Versions of different boots do not compare.
 *
 * @param holder a node toward its zone, a zone toward its region gateway
 * @param boot boot number of the component that speaks for the holder
 */
public record InterestKey(Place holder, long boot) {}
