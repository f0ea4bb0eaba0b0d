package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The retained messages that new subscriptions are still owed, one subscription after the other, one page after the
 * other; a page is asked for when the client has taken the one before.
 *
 * <p>From the moment on at which a subscription can get live deliveries, and for as long as it is owed any, these are
 * remembered by topic and stamp, and retained messages that are older are left out, so that a client never ends on an older
 * value. At most {@link #REMEMBERED_MAX} topics are remembered; beyond that
 * the one whose delivery is longest ago is forgotten, since a look-up that began after it is the likeliest to know it.
 */
@SuppressWarnings("ReferenceEquality") // A subscription is one object: identity is meant.
final class RetainedReplay {

    static final int PAGE = 100;
    private static final int REMEMBERED_MAX = 10_000;

    private final Session session;
    private final SessionOwner owner;
    private final ArrayDeque<Owed> owed = new ArrayDeque<>(0);

    /** Subscriptions whose replay begins when they are acknowledged. */
    private final List<Subscription> announced = new ArrayList<>(0);

    private final Map<String, Long> delivered = new LinkedHashMap<>(0);

    /** One subscription's share of the work. One share of every publication in the page is held. */
    private static final class Owed {
        final Subscription subscription;
        final ArrayDeque<Publication> page = new ArrayDeque<>(0);
        String afterTopic = "";
        boolean asked;
        boolean complete;

        Owed(Subscription subscription) {
            this.subscription = subscription;
        }

        void clear() {
            page.forEach(Publication::release);
            page.clear();
        }
    }

    RetainedReplay(Session session, SessionOwner owner) {
        this.session = session;
        this.owner = owner;
    }

    /** Whether live deliveries are to be told. */
    boolean isOpen() {
        return !owed.isEmpty() || !announced.isEmpty();
    }

    /** The subscription may get live deliveries from now on, and is owed what is retained later. */
    void announce(Subscription subscription) {
        announced.add(subscription);
    }

    /** The connection is gone on which subscriptions were to be acknowledged: these are owed nothing any more. */
    void detached() {
        announced.clear();
        forgetWhenDone();
    }

    /** Everything that matches is owed to the subscription, from the start if it was under way already. */
    void open(Subscription subscription) {
        drop(subscription);
        owed.add(new Owed(subscription));
        announced.removeIf(entry -> entry == subscription);
    }

    /** What matches behind a topic is owed to the subscription, from before a restart. */
    void restore(Subscription subscription, String afterTopic) {
        var entry = new Owed(subscription);
        entry.afterTopic = afterTopic;
        owed.add(entry);
    }

    void cancel(Subscription subscription) {
        drop(subscription);
        announced.removeIf(entry -> entry == subscription);
        forgetWhenDone();
    }

    private void drop(Subscription subscription) {
        owed.removeIf(entry -> {
            if (entry.subscription != subscription) {
                return false;
            }
            entry.clear();
            return true;
        });
    }

    void end() {
        owed.forEach(Owed::clear);
        owed.clear();
        announced.clear();
        forgetWhenDone();
    }

    void delivered(Publication publication) {
        delivered.remove(publication.topic());
        delivered.put(publication.topic(), publication.timestamp());
        if (delivered.size() > REMEMBERED_MAX) {
            var oldest = delivered.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    boolean hasNext() {
        var current = owed.peek();
        while (current != null && !current.page.isEmpty() && isOvertaken(current.page.element())) {
            next().release();
            current = owed.peek();
        }
        return current != null && !current.page.isEmpty();
    }

    /** Whether the client has been sent this one or a newer one already. */
    private boolean isOvertaken(Publication publication) {
        var live = delivered.get(publication.topic());
        return live != null && publication.timestamp() <= live;
    }

    Subscription subscription() {
        return owed.element().subscription;
    }

    /** The next message; its share passes to the caller. */
    Publication next() {
        var current = owed.element();
        var publication = current.page.remove();
        if (current.page.isEmpty()) {
            pageDone(current);
        }
        return publication;
    }

    /** Asks for the next page if there is nothing left to send and no question is open. */
    void lookUpIfDry() {
        var current = owed.peek();
        if (current != null && current.page.isEmpty() && !current.asked) {
            current.asked = true;
            owner.lookUpRetained(session, current.subscription, current.afterTopic, PAGE);
        }
    }

    void onFound(Subscription subscription, Iterable<Publication> found, boolean more) {
        var current = owed.peek();
        if (current == null || current.subscription != subscription || !current.asked) {
            return; // Unsubscribed meanwhile, or asked again from the start.
        }
        current.asked = false;
        current.complete = !more;
        for (var publication : found) {
            current.afterTopic = publication.topic();
            if (!isOvertaken(publication)) {
                current.page.add(publication.share());
            }
        }
        if (current.page.isEmpty()) {
            pageDone(current);
        }
    }

    private void pageDone(Owed current) {
        session.keepOwed(current.subscription, current.complete ? Optional.empty() : Optional.of(current.afterTopic));
        if (current.complete) {
            owed.remove();
            forgetWhenDone();
        }
    }

    private void forgetWhenDone() {
        if (!isOpen()) {
            delivered.clear();
        }
    }
}
