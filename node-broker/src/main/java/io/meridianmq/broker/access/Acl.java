package io.meridianmq.broker.access;

import io.meridianmq.broker.access.Rule.Action;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.Map;

/**
 * Who may publish and subscribe to what. Immutable; any thread.
 *
 * <p>The rules for a client are those for everybody, and those for its user or, if it has none, for anonymous clients. Their
 * order does not matter: <b>what any of them denies is denied</b>; of the rest, what any of them allows is allowed; of the
 * rest again, the default decides. A subscription is decided on as a whole, for all topics that its filter can match: it is
 * denied if a rule denies any of these, and allowed if one rule allows all of them. So nobody gets a message by a
 * wildcard that a subscription to its topic would not have got.
 */
public final class Acl {

    /** Everybody may do everything. */
    static final Acl OPEN = new Acl(List.of(), List.of(), Map.of(), true);

    private final List<Rule> everybody;
    private final List<Rule> anonymous;
    private final Map<String, List<Rule>> users;
    private final boolean allowsByDefault;

    /**
     * @param everybody rules for all clients
     * @param anonymous rules for clients without a user
     * @param users rules for single users
     * @param allowsByDefault what holds where no rule says anything
     */
    Acl(List<Rule> everybody, List<Rule> anonymous, Map<String, List<Rule>> users, boolean allowsByDefault) {
        this.everybody = List.copyOf(everybody);
        this.anonymous = List.copyOf(anonymous);
        this.users = Map.copyOf(users);
        this.allowsByDefault = allowsByDefault;
    }

    /** Whether everybody may do everything. */
    boolean isOpen() {
        return allowsByDefault && everybody.isEmpty() && anonymous.isEmpty() && users.isEmpty();
    }

    /** Whether the client may publish to a topic. */
    boolean mayPublish(Client client, String topic) {
        return may(client, Action.PUBLISH, FilterLevels.of(topic));
    }

    /** Whether the client may have all that a filter can match, shared with others or not. */
    boolean maySubscribe(Client client, TopicFilter filter) {
        return may(client, Action.SUBSCRIBE, FilterLevels.of(filter.filter()));
    }

    private boolean may(Client client, Action action, FilterLevels wanted) {
        var own = own(client);
        return !denies(everybody, client, action, wanted)
                && !denies(own, client, action, wanted)
                && (allowsByDefault
                        || allows(everybody, client, action, wanted)
                        || allows(own, client, action, wanted));
    }

    private static boolean denies(List<Rule> rules, Client client, Action action, FilterLevels wanted) {
        for (var rule : rules) {
            if (!rule.allows() && rule.action().isAbout(action)) {
                var denied = rule.filter().denied(client);
                if (denied.isPresent() && denied.get().meets(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean allows(List<Rule> rules, Client client, Action action, FilterLevels wanted) {
        for (var rule : rules) {
            if (rule.allows() && rule.action().isAbout(action)) {
                var allowed = rule.filter().allowed(client);
                if (allowed.isPresent() && allowed.get().covers(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<Rule> own(Client client) {
        return client.userName()
                .map(name -> users.getOrDefault(name, List.of()))
                .orElse(anonymous);
    }
}
