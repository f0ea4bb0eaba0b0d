package io.meridianmq.core.publication;

/**
 * The bytes of one message, shared by reference: a broker keeps them in network buffers, the simulation in plain arrays.
 *
 * <p>Every holder releases exactly once what it got or shared. The content never changes. Any thread may call.
 */
public interface PublicationBytes {

    /** Size of properties and payload together, for quotas. */
    int sizeBytes();

    /** Adds a holder; the caller owes one more {@link #release()}. */
    PublicationBytes share();

    /**
     * Adds a holder that keeps the bytes for an unknown time, a queue for example. Where the shared memory is part of
     * something larger that is wanted back soon, this is a copy of the bytes alone.
     */
    default PublicationBytes shareForLong() {
        return share();
    }

    /** Ends one holder's use; the last one frees the bytes. */
    void release();
}
