package io.meridianmq.retained.warm;

import io.meridianmq.retained.store.StoreCommitter;
import java.util.concurrent.CountDownLatch;
import org.rocksdb.WriteBatch;

/** Changes nothing, and tells when everything that was submitted before is over. */
final class Barrier implements StoreCommitter.Change {

    private final CountDownLatch over = new CountDownLatch(1);

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public void apply(WriteBatch group) {
        // Nothing to write.
    }

    @Override
    public void committed() {
        over.countDown();
    }

    @Override
    public void failed(Throwable cause) {
        over.countDown();
    }

    void await() throws InterruptedException {
        over.await();
    }
}
