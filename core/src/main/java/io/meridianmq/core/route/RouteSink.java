package io.meridianmq.core.route;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.CrossRegion;

/** Takes a routing decision, one destination and reason at a time. A destination may come with several reasons. */
public interface RouteSink {

    /** Why a publication goes somewhere. */
    enum Reason {
        /** A literal filter there is the topic. */
        LITERAL("a subscription to this very topic"),
        /** A filter with wildcards there matches; the detail is the filter. */
        WILDCARD("filter"),
        /** The digest says that a filter with this literal prefix is wanted there; the detail is the prefix. */
        OVERFLOW("a filter below"),
        /** The topic carries this place as its home. */
        ADDRESSED("the topic addresses"),
        /** What is wanted there is not known at the moment, so that it has to be asked by sending. */
        NOT_CURRENT("interest not current at"),
        /** Chosen to serve a shared subscription; the detail names it. */
        GROUP("shared subscription");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** The reason in words for an operator. */
        public String describe(String detail) {
            return detail.isEmpty() ? words : words + " " + detail;
        }
    }

    /**
     * One destination.
     *
     * @param detail see {@link Reason}; empty where there is nothing to say
     */
    void to(Place destination, Reason reason, String detail);

    /**
     * A region that would be a destination, if this publication were allowed to go there.
     *
     * @param reason why it would be one; {@link Reason#ADDRESSED} means that the publication is refused altogether, since it
     *     cannot come to where it is to go
     * @param verdict why it may not
     */
    void blocked(Place region, Reason reason, String detail, CrossRegion.Verdict verdict);

    /** Whether {@link #to} has a use for details that must be put together first. */
    boolean wantsDetails();

    /** {@code place} serves this shared subscription; it is reported as a destination as well unless it decides. */
    void grant(Place place, String group, String filter);
}
