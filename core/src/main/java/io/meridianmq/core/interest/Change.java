package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;

/**
 * One step of a holder's interest from one version to the next.
 *
 * @param added or removed
 */
record Change(Entry entry, boolean added) {

    /** What a holder wants, as links carry it. Entries that differ in reach or presence are different entries. */
    sealed interface Entry {

        /** Bytes it takes on a link, roughly. */
        int weight();
    }

    record Literal(long hash, Reach reach) implements Entry {
        @Override
        public int weight() {
            return Long.BYTES;
        }
    }

    record Wildcard(String filter, Reach reach) implements Entry {
        @Override
        public int weight() {
            return OVERHEAD + filter.length();
        }
    }

    record Group(String group, String filter, boolean online) implements Entry {
        @Override
        public int weight() {
            return OVERHEAD + group.length() + filter.length();
        }
    }

    private static final int OVERHEAD = 8;
}
