package io.meridianmq.retained.store;

import java.util.List;

/**
 * What a store holds, so that a folder of something else or of a later version is not touched.
 *
 * @param kind one word
 * @param version counts incompatible changes, from 1
 * @param families names of the column families beside RocksDB's own {@code default}
 */
public record StoreFormat(String kind, int version, List<String> families) {
    public StoreFormat {
        families = List.copyOf(families);
    }

    String line() {
        return "meridian " + kind + " " + version;
    }
}
