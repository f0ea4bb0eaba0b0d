package io.meridianmq.retained.store;

/** A read of an open store that failed: the disk or the data on it is damaged, or the store was closed. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
