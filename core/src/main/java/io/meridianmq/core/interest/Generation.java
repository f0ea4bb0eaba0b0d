package io.meridianmq.core.interest;

import java.util.HashSet;
import java.util.Set;

/**
 * One holder's entries from one snapshot on, with the deltas behind it. Writer only, but for the final fields.
 *
 * <p>A snapshot is loaded as a new generation beside the one it will replace, and readers find the entries of both; only
 * when it is complete is the old one retired. So no entry that both have is ever missing.
 */
final class Generation {

    /** Its part in a set member: {@code index << 2 | reach}. */
    final int index;

    final Holder holder;
    final Set<WildcardEntries.Entry> wildcards = new HashSet<>();
    final Set<GroupEntries.Entry> groups = new HashSet<>();
    long checksum;

    Generation(int index, Holder holder) {
        this.index = index;
        this.holder = holder;
    }
}
