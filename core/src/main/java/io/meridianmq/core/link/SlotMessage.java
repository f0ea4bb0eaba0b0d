package io.meridianmq.core.link;

import io.meridianmq.core.place.Incarnation;
import java.util.List;

/** What nodes of a zone tell each other about slots. Each names the epoch it is about: in another epoch it is void. */
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
}
