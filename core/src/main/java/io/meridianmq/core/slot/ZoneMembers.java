package io.meridianmq.core.slot;

import io.meridianmq.core.place.Incarnation;
import java.util.List;
import java.util.Set;

/**
 * The nodes of a zone, as its leader judges them. Whoever is in none of the three is gone.
 *
 * @param serving alive, to have equal shares; in the order in which ties are broken, the same at every leader
 * @param draining alive, to give everything away
 * @param doubtful not listed, but perhaps alive all the same: what they have is left to them, and nothing is given to them
 */
public record ZoneMembers(List<Incarnation> serving, Set<Incarnation> draining, Set<Incarnation> doubtful) {

    public ZoneMembers {
        serving = List.copyOf(serving);
        draining = Set.copyOf(draining);
        doubtful = Set.copyOf(doubtful);
    }
}
