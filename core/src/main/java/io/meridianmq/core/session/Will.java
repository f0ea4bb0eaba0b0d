package io.meridianmq.core.session;

import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.Qos;

/**
 * The message that is published for a client that goes without saying goodbye.
 *
 * @param delaySeconds how long after the connection's end it is published, 0..4294967295; earlier if the session ends
 * @param messageExpirySeconds life of the message once published; {@link #NO_MESSAGE_EXPIRY} for no end
 * @param bytes properties and payload; the session holds one share from connect to publication or discard
 */
public record Will(
        String topic, Qos qos, boolean retain, long delaySeconds, long messageExpirySeconds, PublicationBytes bytes) {

    public static final long NO_MESSAGE_EXPIRY = -1;
}
