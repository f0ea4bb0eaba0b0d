package io.meridianmq.fabric.access;

import java.io.Serial;
import java.nio.file.Path;

/** A file that says who may do what is not usable, and none of it is used. The message names file, line and the fix. */
public final class RefusedFileException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * @param line from 1
     * @param problem what is wrong there and what was meant
     */
    public RefusedFileException(Path file, int line, String problem) {
        super(file + ":" + line + ": " + problem);
    }

    /** The whole file is meant. */
    public RefusedFileException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
