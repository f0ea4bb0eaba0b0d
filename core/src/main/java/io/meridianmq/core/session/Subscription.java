package io.meridianmq.core.session;

/**
 * One session's wish for one topic filter. Compared by identity: it stays the same object when the client changes its
 * options, so that the subscription index need not change and no message is missed. [MQTT-3.8.4-3]
 *
 * <p>Created and changed by its session, on the session's thread. Other threads may read {@link #filter()}, {@link
 * #isShared()} and {@link #session()}.
 */
public final class Subscription {

    private static final String SHARE_PREFIX = "$share/";

    private final Session session;
    private final String filter;
    private final boolean shared;
    private SubscriptionOptions options;
    private DeliveryTerms terms;

    /** Whether its session still has it: told by itself, since it is asked for each message. */
    private boolean isCurrent = true;

    Subscription(Session session, String filter, SubscriptionOptions options) {
        this.session = session;
        this.filter = filter;
        this.shared = filter.startsWith(SHARE_PREFIX);
        this.options = options;
        this.terms = DeliveryTerms.of(this, options);
    }

    public Session session() {
        return session;
    }

    /** The topic filter as the client sent it, with share name if it is shared. */
    public String filter() {
        return filter;
    }

    /** Whether this is a membership in a shared subscription. */
    public boolean isShared() {
        return shared;
    }

    /** What the client asked for last. The session's thread only. */
    public SubscriptionOptions options() {
        return options;
    }

    /** How messages of this subscription alone are delivered. The session's thread only. */
    public DeliveryTerms terms() {
        return terms;
    }

    void change(SubscriptionOptions newOptions) {
        options = newOptions;
        terms = DeliveryTerms.of(this, newOptions);
    }

    boolean isCurrent() {
        return isCurrent;
    }

    /** The client has given it up, or its session has ended. */
    void end() {
        isCurrent = false;
    }

    @Override
    public String toString() {
        return session.clientId() + ":" + filter;
    }
}
