package io.meridianmq.broker.access;

import io.meridianmq.topic.TopicFilter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one connected client may do, as the files say now. Remembers what was decided of the topics that it publishes to.
 * Belongs to the connection's loop.
 */
@SuppressWarnings("ReferenceEquality") // What the files say is another object after each change.
public final class ClientRights {

    /** Topics whose decisions are remembered; a client that publishes to more has them decided on anew. */
    static final int TOPICS_MAX = 256;

    private final Access access;
    private final String clientId;
    private Optional<User> user;
    private Map<String, Boolean> publishes = Map.of();

    /** By which what is remembered was decided. */
    private Acl decidedBy;

    /** What {@link #look} has seen. */
    private Policy seen;

    /** What a change of the files means for a client. */
    public enum Change {
        NONE,
        /** Its rights may be others. */
        RIGHTS,
        /** It may not stay connected as who it is. */
        USER
    }

    /** @param user who the client has proved to be */
    public ClientRights(Access access, String clientId, Optional<User> user) {
        this.access = access;
        this.clientId = clientId;
        this.user = user;
        this.seen = access.policy();
        this.decidedBy = seen.acl();
    }

    /** Who the client has proved to be; empty for nobody in particular. */
    public Optional<User> user() {
        return user;
    }

    /** The user's name; empty for nobody in particular. Any thread. */
    public String userName() {
        return user.map(User::name).orElse("");
    }

    /** The client has proved again to be its user. */
    public void proved(User again) {
        user = Optional.of(again);
    }

    /** Whether the client may publish to a topic. */
    public boolean mayPublish(String topic) {
        var acl = access.policy().acl();
        if (acl.isOpen()) {
            return true;
        }
        if (acl != decidedBy) {
            decidedBy = acl;
            publishes = Map.of();
        }
        var known = publishes.get(topic);
        if (known != null) {
            return known;
        }
        if (publishes.isEmpty() || publishes.size() == TOPICS_MAX) {
            publishes = new HashMap<>();
        }
        var decided = acl.mayPublish(client(), topic);
        publishes.put(topic, decided);
        return decided;
    }

    /** Whether the client may have all that a filter can match. */
    public boolean maySubscribe(TopicFilter filter) {
        var acl = access.policy().acl();
        return acl.isOpen() || acl.maySubscribe(client(), filter);
    }

    /** Whether there is anything that the client may not subscribe to. */
    public boolean areLimited() {
        return !access.policy().acl().isOpen();
    }

    /** {@link #maySubscribe} as things are now, for any thread. */
    public Predicate<TopicFilter> subscriptions() {
        var acl = access.policy().acl();
        var client = client();
        return filter -> acl.maySubscribe(client, filter);
    }

    private Client client() {
        return new Client(clientId, user.map(User::name));
    }

    /** Whether anything has changed since this was asked last; to be asked a few times a second. */
    public Change look() {
        var now = access.policy();
        if (now == seen) {
            return Change.NONE;
        }
        var before = seen;
        seen = now;
        if (user.isPresent() && !now.stillKnows(user.get())) {
            return Change.USER;
        }
        return now.acl() == before.acl() ? Change.NONE : Change.RIGHTS;
    }
}
