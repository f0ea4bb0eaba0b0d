package io.meridianmq.retained.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The folder of one store: made whole or not at all, and checked before anything in it is opened. */
final class StoreFolder {

    private static final Pattern FORMAT_LINE = Pattern.compile("meridian (\\S+) (\\d{1,9})");

    private final Path folder;
    private final StoreFormat format;
    private boolean isOlder;

    StoreFolder(Path folder, StoreFormat format) {
        this.folder = folder;
        this.format = format;
    }

    /** Makes an empty store; {@code rocks} gets the folder for RocksDB. */
    interface Creator {
        void create(Path rocks) throws IOException;
    }

    /**
     * Returns the folder of the RocksDB data, made by {@code creator} if there is no store yet.
     *
     * @throws StoreRefusedException if what is there is not a store of this kind and version
     */
    Path prepare(Creator creator) throws IOException {
        var store = folder.resolve("store");
        if (Files.notExists(store)) {
            create(store, creator);
        }
        isOlder = check(store.resolve("FORMAT")) < format.version();
        return store.resolve("data");
    }

    /** Whether what {@link #prepare} found is of an older version, which has to be brought up to date. */
    boolean isOlder() {
        return isOlder;
    }

    /** What is in the folder is of this version now. */
    void upgraded() throws IOException {
        var store = folder.resolve("store");
        var fresh = store.resolve("FORMAT.new");
        Files.writeString(fresh, format.line() + "\n");
        sync(fresh, StandardOpenOption.WRITE);
        Files.move(fresh, store.resolve("FORMAT"), StandardCopyOption.ATOMIC_MOVE);
        sync(store, StandardOpenOption.READ);
        isOlder = false;
    }

    private void create(Path store, Creator creator) throws IOException {
        var creating = folder.resolve("creating");
        if (Files.exists(creating)) {
            deleteAll(creating);
        }
        refuseForeignFiles();
        Files.createDirectories(creating);
        creator.create(creating.resolve("data"));
        Files.writeString(creating.resolve("FORMAT"), format.line() + "\n");
        sync(creating.resolve("FORMAT"), StandardOpenOption.WRITE);
        Files.move(creating, store, StandardCopyOption.ATOMIC_MOVE);
        sync(folder, StandardOpenOption.READ);
    }

    private void refuseForeignFiles() throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (var entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw new StoreRefusedException("Folder " + folder + " is not empty but holds no store. If a store was"
                        + " there, restore it from a copy; otherwise give this node an empty folder.");
            }
        }
    }

    private int check(Path formatFile) throws IOException {
        if (Files.notExists(formatFile)) {
            throw damaged("the file FORMAT is missing", null);
        }
        var line = Files.readString(formatFile).strip();
        var found = FORMAT_LINE.matcher(line);
        if (!found.matches()) {
            throw damaged("the file FORMAT says \"" + line + "\", expected \"" + format.line() + "\"", null);
        }
        if (!found.group(1).equals(format.kind())) {
            throw new StoreRefusedException("Folder " + folder + " holds a store of kind \"" + found.group(1)
                    + "\", not \"" + format.kind() + "\". Give this store a folder of its own.");
        }
        var version = Integer.parseInt(found.group(2));
        if (version > format.version()) {
            throw new StoreRefusedException("The store in " + folder + " has format " + version
                    + ", written by a newer Meridian; this one reads up to format " + format.version()
                    + ". Start the newer version again, or move the folder away to begin with an empty store.");
        }
        if (version < format.oldest()) {
            throw new StoreRefusedException("The store in " + folder + " has format " + version
                    + "; this Meridian reads formats from " + format.oldest()
                    + " on. Start the version that wrote it, or move the folder away to begin with an empty store.");
        }
        return version;
    }

    StoreRefusedException damaged(String what, @Nullable Throwable cause) {
        var message = "The store in " + folder + " is damaged: " + what + ". Nothing was changed. Restore the folder"
                + " from a copy, or move it away to begin with an empty store that other nodes fill.";
        return cause == null ? new StoreRefusedException(message) : new StoreRefusedException(message, cause);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (var channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static void deleteAll(Path top) throws IOException {
        try (var paths = Files.walk(top)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
