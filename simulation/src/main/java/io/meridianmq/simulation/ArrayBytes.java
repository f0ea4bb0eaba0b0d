package io.meridianmq.simulation;

import io.meridianmq.core.publication.PublicationBytes;

/** Message bytes that only count their holders, so that a leak or a double release shows. */
final class ArrayBytes implements PublicationBytes {

    private final int sizeBytes;
    private int holders = 1;

    ArrayBytes(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public PublicationBytes share() {
        if (holders <= 0) {
            throw new IllegalStateException("bytes are shared after the last holder released them");
        }
        holders++;
        return this;
    }

    @Override
    public void release() {
        if (--holders < 0) {
            throw new IllegalStateException("bytes are released more often than shared");
        }
    }

    int holders() {
        return holders;
    }
}
