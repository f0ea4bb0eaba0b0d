package io.meridianmq.core.retained;

import io.meridianmq.core.place.Place;

/** What is set for the platform about retained messages of one region in another. Any thread. */
@FunctionalInterface
interface Crossing {

    /**
     * Whether a message on this topic may go from one place to another.
     *
     * @param from in the region that has it
     * @param to in the region that would get it; the same one is always allowed
     */
    boolean mayCross(String topic, Place from, Place to);
}
