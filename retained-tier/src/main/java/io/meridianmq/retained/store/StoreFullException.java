package io.meridianmq.retained.store;

import java.io.IOException;
import java.nio.file.Path;

/** A change that needs room, while the disk has none. */
public final class StoreFullException extends IOException {

    private static final long serialVersionUID = 1L;

    StoreFullException(Path folder, long reserveBytes) {
        super("the disk of " + folder + " has less than " + (reserveBytes >> 20) + " MB left");
    }
}
