package io.meridianmq.broker.store;

import io.meridianmq.core.publication.PublicationBytes;

/** A message that no store can write: a commit with it fails. */
public final class Unwritable implements PublicationBytes {

    @Override
    public int sizeBytes() {
        return 1;
    }

    @Override
    public PublicationBytes share() {
        return this;
    }

    @Override
    public void release() {
        // There is nothing behind it.
    }
}
