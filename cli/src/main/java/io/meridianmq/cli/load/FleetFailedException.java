package io.meridianmq.cli.load;

import java.io.Serial;

/** The fleet could not begin to publish; the message says why. */
final class FleetFailedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    FleetFailedException(String message) {
        super(message);
    }
}
