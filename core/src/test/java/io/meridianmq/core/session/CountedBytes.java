package io.meridianmq.core.session;

import io.meridianmq.core.publication.PublicationBytes;

/** Bytes that know how many holders they have, so that tests find shares that are never released. */
final class CountedBytes implements PublicationBytes {

    private final int sizeBytes;
    private int holders = 1;

    CountedBytes(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    int holders() {
        return holders;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public PublicationBytes share() {
        if (holders == 0) {
            throw new IllegalStateException("shared after the last release");
        }
        holders++;
        return this;
    }

    @Override
    public void release() {
        if (holders == 0) {
            throw new IllegalStateException("released too often");
        }
        holders--;
    }
}
