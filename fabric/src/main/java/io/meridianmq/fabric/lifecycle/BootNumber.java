package io.meridianmq.fabric.lifecycle;

import java.io.IOException;
import java.nio.file.Files;

/**
 * The number of one start of a component, higher at every start even if the disk was lost, the clock was set back, or the
 * directory was emptied, though not all three at once.
 */
public final class BootNumber {

    private static final String FILE = "boot";

    private BootNumber() {}

    /**
     * The next number, which is on disk when this returns.
     *
     * @param directoryRevision of the directory's last view; 0 without one
     * @param wallClockMillis milliseconds since 1970
     * @throws StartRefusedException if the number on disk cannot be read as one
     */
    public static long next(DataFolder folder, long directoryRevision, long wallClockMillis) throws IOException {
        var file = folder.path().resolve(FILE);
        var onDisk = 0L;
        if (Files.exists(file)) {
            var text = Files.size(file) > 100 ? "" : Files.readString(file).strip();
            try {
                onDisk = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new StartRefusedException(
                        file
                                + " is damaged: write into it a number higher than any boot of this component in the logs of"
                                + " its neighbours, or the milliseconds since 1970",
                        e);
            }
        }
        var boot = Math.max(onDisk + 1, withoutDisk(directoryRevision, wallClockMillis));
        DurableFile.write(file, boot + "\n");
        return boot;
    }

    /** The number for a component that keeps nothing on disk. */
    public static long withoutDisk(long directoryRevision, long wallClockMillis) {
        return Math.max(directoryRevision, wallClockMillis);
    }
}
