package io.meridianmq.fabric.link;

import io.meridianmq.core.publication.PublicationBytes;
import java.util.concurrent.atomic.AtomicInteger;

/** Bytes that know how many hold them. */
final class CountedBytes implements PublicationBytes {

    private final AtomicInteger holders = new AtomicInteger(1);

    int holders() {
        return holders.get();
    }

    @Override
    public int sizeBytes() {
        return 0;
    }

    @Override
    public PublicationBytes share() {
        holders.incrementAndGet();
        return this;
    }

    @Override
    public void release() {
        if (holders.decrementAndGet() < 0) {
            throw new AssertionError("released more often than shared");
        }
    }
}
