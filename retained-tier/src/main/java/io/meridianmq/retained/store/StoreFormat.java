package io.meridianmq.retained.store;

import java.util.List;

/**
 * What a store holds, so that a folder of something else or of a later version is not touched.
 *
 * @param kind one word
 * @param version counts incompatible changes, from 1
 * @param oldest lowest version that {@link RocksStore#open} can bring up to this one
 * @param families names of the column families beside RocksDB's own {@code default}; those of an older version are among
 *     them
 */
public record StoreFormat(String kind, int version, int oldest, List<String> families) {
    public StoreFormat {
        families = List.copyOf(families);
    }

    /** One that reads no older version. */
    public StoreFormat(String kind, int version, List<String> families) {
        this(kind, version, version, families);
    }

    String line() {
        return "meridian " + kind + " " + version;
    }
}
