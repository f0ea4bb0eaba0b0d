package io.meridianmq.fabric.settings;

import java.io.Serial;

/** The global etcd did not do what it was asked in time; a write may have happened all the same. */
public final class SettingsAwayException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    SettingsAwayException(String message) {
        super(message);
    }

    SettingsAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
