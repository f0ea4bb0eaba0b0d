package io.meridianmq.core.claim;

import io.meridianmq.core.place.Incarnation;
import java.util.HashMap;
import java.util.Map;

/** One object for each start of a node, so that a million claims refer to a few. Belongs to its owner's thread. */
final class Incarnations {

    /** More than a zone ever has at a time; beyond it they are gathered anew. */
    private static final int KNOWN_MAX = 10_000;

    private final Map<Incarnation, Incarnation> known = new HashMap<>();

    Incarnation same(Incarnation incarnation) {
        if (known.size() >= KNOWN_MAX) {
            known.clear();
        }
        var first = known.putIfAbsent(incarnation, incarnation);
        return first == null ? incarnation : first;
    }
}
