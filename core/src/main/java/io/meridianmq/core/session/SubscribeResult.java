package io.meridianmq.core.session;

/** What became of one topic filter of a SUBSCRIBE. */
public sealed interface SubscribeResult {

    /**
     * The session wants the filter.
     *
     * @param isNew whether the filter has to be announced; if not, only options changed
     * @param sendRetained whether {@link Session#replayRetained} is to be called once the filter is effective
     */
    record Subscribed(Subscription subscription, boolean isNew, boolean sendRetained) implements SubscribeResult {}

    /** The session has {@link SessionLimits#subscriptionsMax()} filters already. */
    record Refused() implements SubscribeResult {}
}
