package io.meridianmq.fabric.directory;

import java.io.Serial;

/** etcd did not do what it was asked in time; the connection is of no use any more. */
final class EtcdAwayException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    EtcdAwayException(String message) {
        super(message);
    }

    EtcdAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
