package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.Optional;

/**
 * One message for one durable session, as it is kept.
 *
 * @param locator where it is, as {@link Session#onMessageKept} told it
 * @param position its place among the session's messages, from 1
 * @param qos of the delivery, 1 or 2
 * @param retain whether it is delivered with RETAIN
 * @param identifiers subscription identifiers
 * @param group topic filter, with share name, of the shared subscription that it is delivered for
 */
public record KeptMessage(
        long locator,
        long position,
        Publication publication,
        Qos qos,
        boolean retain,
        ImmutableIntArray identifiers,
        Optional<String> group) {}
