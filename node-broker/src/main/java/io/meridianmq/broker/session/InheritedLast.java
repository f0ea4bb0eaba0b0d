package io.meridianmq.broker.session;

import io.meridianmq.core.publication.PublicationId;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * The messages that a session inherited last and has kept: one of them comes again if the answer to it was lost. Belongs to
 * the session's loop.
 */
final class InheritedLast {

    private final SequencedSet<Inherited> messages = new LinkedHashSet<>();
    private final int max;

    /** A session may have had one publication twice, as a member of a group and on its own: under two identifiers. */
    private record Inherited(PublicationId id, int packetIdentifier) {}

    /** @param max messages; as many as are on their way without an answer are enough */
    InheritedLast(int max) {
        this.max = max;
    }

    void add(PublicationId id, int packetIdentifier) {
        messages.add(new Inherited(id, packetIdentifier));
        if (messages.size() > max) {
            messages.removeFirst();
        }
    }

    boolean contains(PublicationId id, int packetIdentifier) {
        return messages.contains(new Inherited(id, packetIdentifier));
    }
}
