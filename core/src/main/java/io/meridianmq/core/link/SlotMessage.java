package io.meridianmq.core.link;

import io.meridianmq.core.place.Incarnation;
import java.util.List;

/**
 * What nodes of a zone tell each other about slots and about the sessions in them. What is about a slot names the epoch: in
 * another epoch it is void.
 */
public sealed interface SlotMessage {

    /**
     * To the zone's leader: the copies that these slots' owners fill are complete.
     *
     * @param copies at most 4,096
     */
    record Filled(List<Copy> copies) implements SlotMessage {
        public Filled {
            copies = List.copyOf(copies);
        }
    }

    /**
     * A complete copy of a slot.
     *
     * @param slot 0..4095
     * @param holder who has the copy
     */
    record Copy(int slot, long epoch, Incarnation holder) {}

    /**
     * About clients and their connections.
     *
     * @param destinationBoot boot number of the receiver that is meant: for another start of it they are void
     * @param messages in the order in which they were said; together less than 1 MiB
     */
    record Claims(long destinationBoot, List<ClaimMessage> messages) implements SlotMessage {
        public Claims {
            messages = List.copyOf(messages);
        }
    }

    /**
     * A part of the ordered stream between two nodes, in one direction, and how far the other direction has come.
     *
     * @param destinationBoot boot number of the receiver that is meant: for another start of it the part is void
     * @param stream number of the stream between these two starts, in 1..2^62; both directions have the same
     * @param first position of the first item, from 1 without gaps; without items, the one that comes next
     * @param items at most 256 KiB together, or one that is larger; none in a mere acknowledgement
     * @param mark highest position of the other direction that the source has taken, everything below included; 0 for none
     */
    record Stream(long destinationBoot, long stream, long first, List<StreamItem> items, long mark)
            implements SlotMessage {
        public Stream {
            items = List.copyOf(items);
            if (stream < 1 || stream > 1L << 62 || first < 1 || mark < 0) {
                throw new IllegalArgumentException("part of stream " + stream + " from position " + first
                        + " with mark " + mark + ": streams are in 1..2^62, positions start at 1, marks at 0");
            }
        }
    }

    /**
     * From a node that was away: whether the receiver still holds what came for it in that time. Asked again until {@link
     * NothingHeld} is the answer.
     *
     * @param destinationBoot boot number of the receiver that is meant
     */
    record AskHeld(long destinationBoot) implements SlotMessage {}

    /**
     * To a node that was away: what came for it in that time it has accepted.
     *
     * @param destinationBoot boot number of the receiver that is meant
     */
    record NothingHeld(long destinationBoot) implements SlotMessage {}
}
