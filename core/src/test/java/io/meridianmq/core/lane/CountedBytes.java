package io.meridianmq.core.lane;

import io.meridianmq.core.publication.PublicationBytes;

/** Bytes that know how many hold them, and refuse a release too many. */
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
            throw new IllegalStateException("released once too often");
        }
        holders--;
    }
}
