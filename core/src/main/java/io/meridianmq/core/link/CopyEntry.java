package io.meridianmq.core.link;

import io.meridianmq.core.place.ConnectionNumber;

/** One step in a copy of a slot's claims. */
public sealed interface CopyEntry {

    /** The stream begins. What the copy has from before stays until {@link Complete} tells that everything was said. */
    record Begin() implements CopyEntry {}

    /** The claim of a client is this. */
    record Put(ClaimRecord claim) implements CopyEntry {}

    /** Nothing is known of a client any more. */
    record Remove(String clientId) implements CopyEntry {}

    /** A will is due. The claim of the same connection has it no longer. */
    record PutWill(DueWill will) implements CopyEntry {}

    /** A will has been published, or need not be. */
    record RemoveWill(String clientId, ConnectionNumber number) implements CopyEntry {}

    /** Everything was said since the beginning: what was not mentioned is not. */
    record Complete() implements CopyEntry {}
}
