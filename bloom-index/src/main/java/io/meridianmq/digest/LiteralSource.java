package io.meridianmq.digest;

import java.util.PrimitiveIterator;

/**
 * The exact table of literal keys that the owner of a {@link DigestBuilder} already holds.
 *
 * <p>The builder reads it when it starts a new generation, a few thousand keys at each poll, while the owner goes on to
 * change the table in between. The iterator must give every key that is there from its creation to its end, and may give
 * or leave out those that come or go meanwhile.
 */
@FunctionalInterface
public interface LiteralSource {

    /** A new iteration over all keys. */
    PrimitiveIterator.OfLong iterator();
}
