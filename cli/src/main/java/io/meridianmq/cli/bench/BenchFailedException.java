package io.meridianmq.cli.bench;

/** Nothing could be measured. The message says why. */
final class BenchFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BenchFailedException(String message) {
        super(message);
    }
}
