package io.meridianmq.retained.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk has room for more. A reserve stays free, so that what has to be written to make room again can be.
 *
 * <p>The committer's thread looks; any thread may ask.
 */
final class SpaceCheck {

    static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    private static final Logger log = LoggerFactory.getLogger(SpaceCheck.class);

    private final Path folder;
    private final FileStore disk;
    private final long reserveBytes;
    private long lookedNanos;
    private volatile boolean isFull;

    SpaceCheck(Path folder, long reserveBytes, long nowNanos) throws IOException {
        this.folder = folder;
        this.disk = Files.getFileStore(folder);
        this.reserveBytes = reserveBytes;
        this.lookedNanos = nowNanos - LOOK_EVERY_NANOS;
        look(nowNanos);
    }

    boolean isFull() {
        return isFull;
    }

    /** Looks, unless it has just been done. */
    void look(long nowNanos) {
        if (nowNanos - lookedNanos < LOOK_EVERY_NANOS) {
            return;
        }
        lookedNanos = nowNanos;
        try {
            say(disk.getUsableSpace() < reserveBytes);
        } catch (IOException e) {
            log.warn("how much room the disk of {} has cannot be told; taken to be enough", folder, e);
        }
    }

    private void say(boolean nowFull) {
        if (nowFull && !isFull) {
            log.error(
                    "the disk of {} has less than {} MB left: nothing new is stored, and clients are told 0x97, until"
                            + " there is room again",
                    folder,
                    reserveBytes >> 20);
        } else if (!nowFull && isFull) {
            log.info("the disk of {} has room again", folder);
        }
        isFull = nowFull;
    }
}
