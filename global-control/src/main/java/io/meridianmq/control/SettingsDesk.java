package io.meridianmq.control;

import io.grpc.Status;
import io.meridianmq.core.settings.GlobalTopic;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.fabric.settings.SettingKey;
import io.meridianmq.fabric.settings.SettingsAwayException;
import io.meridianmq.fabric.settings.SettingsStore;
import io.meridianmq.fabric.settings.SettingsVersion;
import io.meridianmq.fabric.settings.StaleVersionException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes new versions of the platform's settings out of what operators want, or says why not. Any thread may call; calls
 * block on the global etcd.
 */
final class SettingsDesk {

    private static final Logger log = LoggerFactory.getLogger(SettingsDesk.class);

    /** How often a change that names no version is tried again when others write at the same time. */
    private static final int ATTEMPTS = 5;

    private final SettingsStore store;
    private final LongSupplier highestKnown;

    /**
     * Who makes a change, what for, and based on what.
     *
     * @param expected the version that must be in force; empty for any
     */
    record Order(OptionalLong expected, String author, String comment) {}

    /** One change of the settings. */
    private record Change(PlatformSettings settings, String description) {}

    /** What a change makes of what is in force; the same if there is nothing to change. */
    @FunctionalInterface
    private interface Changing {
        Change applyTo(PlatformSettings inForce);
    }

    /** @param highestKnown the highest version that any component goes by, which the next one must be above */
    SettingsDesk(SettingsStore store, LongSupplier highestKnown) {
        this.store = store;
        this.highestKnown = highestKnown;
    }

    /** Sets keys and takes keys back. */
    SettingsVersion update(Order order, Map<String, String> set, Collection<String> unset)
            throws InterruptedException, SettingsAwayException, StaleVersionException {
        var values = checked(set);
        unset.forEach(SettingsDesk::checkName);
        for (var key : unset) {
            if (values.containsKey(key)) {
                throw Requests.invalid(key + " is set and unset at once: leave out one of them");
            }
        }
        if (values.isEmpty() && unset.isEmpty()) {
            throw Requests.invalid("nothing to change: give keys to set or to unset");
        }
        return change(order, inForce -> {
            var changed = inForce;
            var description = new ArrayList<String>();
            for (var entry : values.entrySet()) {
                if (!inForce.value(entry.getKey()).equals(Optional.of(entry.getValue()))) {
                    changed = changed.with(entry.getKey(), Optional.of(entry.getValue()));
                    description.add("sets " + entry.getKey() + " to " + entry.getValue());
                }
            }
            for (var key : unset) {
                if (inForce.value(key).isPresent()) {
                    changed = changed.with(key, Optional.empty());
                    description.add("unsets " + key);
                }
            }
            return new Change(changed, String.join(", ", description));
        });
    }

    SettingsVersion addTopic(Order order, GlobalTopic topic)
            throws InterruptedException, SettingsAwayException, StaleVersionException {
        return change(order, inForce -> {
            if (inForce.topics().containsKey(topic.filter())) {
                throw Requests.refusal(
                        Status.ALREADY_EXISTS,
                        "there is a global topic " + topic.filter() + " already: remove it first to change it");
            }
            if (inForce.topics().size() >= PlatformSettings.TOPICS_MAX) {
                throw Requests.refusal(
                        Status.RESOURCE_EXHAUSTED,
                        "there are " + PlatformSettings.TOPICS_MAX
                                + " global topics, and more are not allowed: remove some, or cover several by one filter");
            }
            return new Change(inForce.with(topic), "adds the global topic " + topic.filter());
        });
    }

    SettingsVersion removeTopic(Order order, String filter)
            throws InterruptedException, SettingsAwayException, StaleVersionException {
        return change(order, inForce -> {
            if (!inForce.topics().containsKey(filter)) {
                throw Requests.refusal(Status.NOT_FOUND, "there is no global topic " + filter);
            }
            return new Change(inForce.withoutTopic(filter), "removes the global topic " + filter);
        });
    }

    /** Makes what was in force at an earlier version be so again. */
    SettingsVersion rollBack(Order order, long number)
            throws InterruptedException, SettingsAwayException, StaleVersionException {
        var target = version(number).settings();
        return change(order, inForce -> new Change(target.at(inForce.version()), "goes back to version " + number));
    }

    SettingsVersion version(long number) throws InterruptedException, SettingsAwayException {
        return store.version(number)
                .orElseThrow(() -> Requests.refusal(
                        Status.NOT_FOUND,
                        "version " + number + " of the settings is not kept: the last " + SettingsStore.HISTORY_MAX
                                + " are"));
    }

    private SettingsVersion change(Order order, Changing changing)
            throws InterruptedException, SettingsAwayException, StaleVersionException {
        for (var attempt = 1; ; attempt++) {
            var inForce = store.inForce();
            try {
                return write(order, inForce, changing);
            } catch (StaleVersionException e) {
                if (order.expected().isPresent() || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private SettingsVersion write(Order order, SettingsVersion inForce, Changing changing)
            throws InterruptedException, SettingsAwayException, StaleVersionException {
        if (order.expected().isPresent() && order.expected().getAsLong() != inForce.number()) {
            throw new StaleVersionException(order.expected().getAsLong(), inForce);
        }
        var change = changing.applyTo(inForce.settings());
        if (change.settings().equals(inForce.settings())) {
            return inForce;
        }
        try {
            var written = store.write(new SettingsStore.Change(
                    change.settings(),
                    highestKnown.getAsLong(),
                    order.author(),
                    order.comment(),
                    change.description()));
            log.info(
                    "version {} of the settings by {}: {} ({})",
                    written.number(),
                    written.author(),
                    written.change(),
                    written.comment());
            return written;
        } catch (IllegalArgumentException e) {
            throw Requests.refusal(Status.RESOURCE_EXHAUSTED, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> checked(Map<String, String> set) {
        var checked = new TreeMap<String, String>();
        set.forEach((key, value) -> {
            try {
                checked.put(key, SettingKey.named(key).check(value));
            } catch (IllegalArgumentException e) {
                throw Requests.invalid(String.valueOf(e.getMessage()));
            }
        });
        return checked;
    }

    private static void checkName(String key) {
        try {
            SettingKey.named(key);
        } catch (IllegalArgumentException e) {
            throw Requests.invalid(String.valueOf(e.getMessage()));
        }
    }
}
