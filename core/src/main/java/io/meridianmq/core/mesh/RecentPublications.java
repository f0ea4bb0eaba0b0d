package io.meridianmq.core.mesh;

import io.meridianmq.core.publication.PublicationId;
import java.util.Iterator;
import java.util.LinkedHashSet;

/**
 * The last publications a node took from lanes, so that one that comes again by another way is known.
 *
 * <p>A lane never repeats by itself. A landing node that leaves after it passed a publication on, and before its source
 * heard so, makes the source send it again to the next landing node, whose lanes know nothing of the first's. At the
 * bound the oldest are forgotten: a repetition that late would be delivered twice.
 */
final class RecentPublications {

    private final int sizeMax;
    private final LinkedHashSet<PublicationId> recent = new LinkedHashSet<>();

    RecentPublications(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    /** Takes note of a publication; false if it was noted before. */
    boolean note(PublicationId id) {
        if (!recent.add(id)) {
            return false;
        }
        if (recent.size() > sizeMax) {
            Iterator<PublicationId> oldest = recent.iterator();
            oldest.next();
            oldest.remove();
        }
        return true;
    }

    /** A publication that was noted is as if it had not been. */
    void forget(PublicationId id) {
        recent.remove(id);
    }

    int size() {
        return recent.size();
    }
}
