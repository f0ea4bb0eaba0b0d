package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotTable;
import java.util.Optional;

/** What the directory tells of the leader and the slot table of one zone. */
public sealed interface ZoneEvent {

    /** Who leads the zone. Before a node hears of its own election, it has got a view that was made after it. */
    record Led(Optional<Incarnation> leader) implements ZoneEvent {}

    /** The slot table as it is in etcd; after a loss of data there it may be older than the one before. */
    record Shared(SlotTable table) implements ZoneEvent {}

    /** Whether etcd can be reached; told after what it holds. */
    record Reached(RegisterState state) implements ZoneEvent {}

    /**
     * The answer to {@link EtcdDirectory#propose}, after the table that is there now.
     *
     * @param written false also if nobody knows
     */
    record Proposed(boolean written) implements ZoneEvent {}

    /** The answer to {@link EtcdDirectory#confirm}, after the table that is there now. */
    record Confirmed(long question) implements ZoneEvent {}
}
