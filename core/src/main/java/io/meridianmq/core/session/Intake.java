package io.meridianmq.core.session;

/** What is to be done with a PUBLISH of QoS 1 or 2 that a client sent. */
public enum Intake {
    /** Publish it, then report to {@link Session#onAccepted}. */
    PUBLISH,
    /** The same, with the identity that {@link Session#identity} tells: it may have been published before a restart. */
    PUBLISH_AGAIN,
    /** A QoS 2 message that is already taken in; its answer is seen to. [MQTT-4.3.3-10] */
    DUPLICATE,
    /** It came over a connection that is not the session's any more, or ended it by breaking a rule. */
    IGNORE
}
