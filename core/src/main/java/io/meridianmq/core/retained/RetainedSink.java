package io.meridianmq.core.retained;

import io.meridianmq.core.publication.Publication;
import java.util.List;

/** Takes the result of a look-up of retained messages. */
@FunctionalInterface
public interface RetainedSink {

    /**
     * The result.
     *
     * @param found in topic order, without clears and expired messages; one share of each passes to the sink
     * @param more whether later topics match as well
     */
    void found(List<Publication> found, boolean more);
}
