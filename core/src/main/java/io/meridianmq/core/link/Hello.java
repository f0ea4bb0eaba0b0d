package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;

/**
 * What each end of a link says first.
 *
 * @param version of the link protocol it speaks
 * @param place who it is
 * @param boot number of this start of it
 * @param viewRevision of its view of the directory
 */
public record Hello(int version, Place place, long boot, long viewRevision) {

    /** The version of the link protocol that this code speaks. */
    public static final int VERSION = 1;
}
