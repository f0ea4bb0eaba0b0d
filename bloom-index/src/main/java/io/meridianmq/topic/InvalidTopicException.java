package io.meridianmq.topic;

/** A topic name or topic filter that MQTT forbids; the message says what is wrong and at which character. */
public final class InvalidTopicException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidTopicException(String message) {
        super(message);
    }
}
