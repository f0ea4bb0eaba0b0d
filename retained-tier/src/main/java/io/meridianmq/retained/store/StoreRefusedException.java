package io.meridianmq.retained.store;

import java.io.IOException;

/** A store that cannot be opened as it is; nothing was changed. The message says what is wrong and what to do. */
public final class StoreRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    StoreRefusedException(String message) {
        super(message);
    }

    StoreRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
