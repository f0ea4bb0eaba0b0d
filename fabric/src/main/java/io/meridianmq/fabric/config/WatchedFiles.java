package io.meridianmq.fabric.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Notices that files were replaced or rewritten while the process runs. Looks at them when asked, so that it works where
 * nobody tells of changes, such as network file systems and mounted secrets, whose links are switched over.
 *
 * <p>A change counts when a second look finds the files as the first one did: whoever writes several of them, or a long
 * one, gets the time between two looks to be done. For one thread.
 */
public final class WatchedFiles {

    private final List<Path> files;
    private List<String> taken;
    private List<String> lastSeen;

    /** Takes the files as they are now as known. */
    public WatchedFiles(List<Path> files) {
        this.files = List.copyOf(files);
        this.taken = look();
        this.lastSeen = taken;
    }

    /** Looks at the files; true, once for each change, if they have changed and stayed so since the last look. */
    public boolean haveChanged() {
        var seen = look();
        var isSettled = seen.equals(lastSeen);
        lastSeen = seen;
        if (!isSettled || seen.equals(taken)) {
            return false;
        }
        taken = seen;
        return true;
    }

    private List<String> look() {
        return files.stream().map(WatchedFiles::state).toList();
    }

    /** What differs whenever a file has been replaced or written. */
    private static String state(Path file) {
        try {
            var now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
        } catch (IOException _) {
            return "absent"; // Or not to be read: whoever loads it says which.
        }
    }
}
