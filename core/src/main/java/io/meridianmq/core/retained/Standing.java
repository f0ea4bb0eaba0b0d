package io.meridianmq.core.retained;

import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a node knows at one moment of its own part and that of others. An immutable value; any thread may call.
 *
 * @param self this node, in this start
 * @param view who is alive
 */
record Standing(Incarnation self, RetainedHomes homes, SlotTable table, MembershipView view) {

    /** What a node is to a slot. */
    enum Role {
        OWNER,
        /** It keeps a copy, which may not be complete yet. */
        COPY,
        NONE
    }

    Role role(int slot) {
        var who = table.slot(slot);
        if (who.isOwnedBy(self)) {
            return Role.OWNER;
        }
        return who.isCopiedTo(self) ? Role.COPY : Role.NONE;
    }

    /** Those who keep a copy of a slot, without its owner. */
    List<Incarnation> copies(int slot) {
        var who = table.slot(slot);
        return Stream.concat(who.standby().stream(), who.joining().stream())
                .filter(copy -> !who.isOwnedBy(copy))
                .distinct()
                .toList();
    }

    boolean isAlive(Incarnation node) {
        return view.lists(node);
    }

    /** The owner of a slot, if it is alive. */
    Optional<Incarnation> owner(int slot) {
        return table.owner(slot).filter(this::isAlive);
    }

    /**
     * Whether this node is to answer a look-up with what it has of a topic. A copy stays silent, since its owner answers;
     * what lies here without a role waits to be handed over, and may be nowhere else.
     *
     * @param unsettled slots where this node may have something newer than their owners
     */
    boolean answers(Question.RetainedLookup lookup, BitSet unsettled, String topic) {
        if (lookup.addressedOnly() && homes.isEverywhere(topic)) {
            return false;
        }
        if (lookup.copies()) {
            return true;
        }
        var slot = SlotHash.ofTopic(topic);
        return role(slot) != Role.COPY || unsettled.get(slot) || owner(slot).isEmpty();
    }
}
