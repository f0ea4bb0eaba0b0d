package io.meridianmq.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders for stores that live as long as a measurement. */
public final class Folders {

    private Folders() {}

    /** An empty one, where the system keeps what is temporary. */
    public static Path create() throws IOException {
        return Files.createTempDirectory("meridian-bench");
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
