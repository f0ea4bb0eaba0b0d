package io.meridianmq.fabric.access;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads a whole file of lines, within a limit. */
public final class LinesOfFile {

    /** Bytes of the largest file that is read. */
    public static final long BYTES_MAX = 256L << 20;

    private LinesOfFile() {}

    /**
     * Reads; blocks.
     *
     * @throws RefusedFileException if there is no such file, it cannot be read, is no UTF-8, or is larger than 256 MB
     */
    public static List<String> read(Path file) throws RefusedFileException {
        try {
            var bytes = Files.size(file);
            if (bytes > BYTES_MAX) {
                throw new RefusedFileException(file, "has " + bytes + " bytes, allowed are " + BYTES_MAX);
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new RefusedFileException(file, "there is no such file");
        } catch (CharacterCodingException e) {
            throw new RefusedFileException(file, "is not UTF-8");
        } catch (IOException e) {
            throw new RefusedFileException(file, "cannot be read: " + e.getMessage());
        }
    }
}
