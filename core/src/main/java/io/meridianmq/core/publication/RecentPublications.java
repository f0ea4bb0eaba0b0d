package io.meridianmq.core.publication;

import java.util.Iterator;
import java.util.LinkedHashSet;

/**
 * The last publications that somebody took, so that one that comes again by another way is known. At the bound the oldest
 * are forgotten: a repetition that late is taken for new. Belongs to whoever takes them.
 */
public final class RecentPublications {

    private final int sizeMax;
    private final LinkedHashSet<PublicationId> recent = new LinkedHashSet<>();

    /** @param sizeMax publications remembered, at least 1 */
    public RecentPublications(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    /** Takes note of a publication; false if it was noted before. */
    public boolean note(PublicationId id) {
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
    public void forget(PublicationId id) {
        recent.remove(id);
    }

    /** Publications remembered. */
    public int size() {
        return recent.size();
    }
}
