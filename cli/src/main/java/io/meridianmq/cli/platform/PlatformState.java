package io.meridianmq.cli.platform;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code platform.json} in the data folder says: the shape of the platform that the data belongs to, and the
 * processes of its last start, whether they still run or not.
 *
 * @param format of this file: {@value #FORMAT}; a higher one is refused
 * @param shape as it was last started
 * @param supervisor the {@code up} that watches over the processes; null if none does any more
 * @param ready whether all processes have been ready since that start
 * @param processes in the order of their start; empty after an orderly stop
 */
record PlatformState(
        int format, Shape shape, @Nullable ProcessIdentity supervisor, boolean ready, List<Started> processes) {

    static final int FORMAT = 1;

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /**
     * A process that was started.
     *
     * @param name unique among the processes of the platform
     * @param place what it serves
     * @param port the port that others use it by
     * @param identity to recognise it later
     * @param log path of its log file
     * @param readiness URL that answers 200 when it is ready
     * @param metrics URL of its metrics
     * @param restarts how often it was started again since the start of the platform, because it had ended
     */
    record Started(
            String name,
            Kind kind,
            String place,
            int port,
            ProcessIdentity identity,
            String log,
            String readiness,
            String metrics,
            int restarts) {}

    PlatformState {
        processes = List.copyOf(processes);
    }

    static PlatformState stopped(Shape shape) {
        return new PlatformState(FORMAT, shape, null, false, List.of());
    }

    Optional<ProcessIdentity> liveSupervisor() {
        return Optional.ofNullable(supervisor).filter(ProcessIdentity::isAlive);
    }

    List<Started> live() {
        return processes.stream()
                .filter(started -> started.identity().isAlive())
                .toList();
    }

    /**
     * What the folder says.
     *
     * @return empty if no platform was ever started with this folder
     * @throws PlatformException if the file is of a newer format or cannot be understood
     */
    static Optional<PlatformState> read(DataFolder folder) {
        var file = folder.stateFile();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            var json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            var format = json.get("format").getAsInt();
            if (format > FORMAT) {
                throw new PlatformException(file + " was written by a newer version of Meridian (format " + format
                        + ", this one knows " + FORMAT + "): use that version, or another folder with --data");
            }
            return Optional.of(GSON.fromJson(json, PlatformState.class));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (PlatformException e) {
            throw e;
        } catch (RuntimeException e) {
            // Gson wraps whatever a record's constructor throws, so there is no narrower type.
            throw new PlatformException(
                    file + " is damaged (" + e.getMessage()
                            + "): if no process of this platform runs, delete that file; the data stays",
                    e);
        }
    }

    /** Replaces the file as a whole, so that nobody ever reads half of it. */
    void write(DataFolder folder) {
        var file = folder.stateFile();
        var next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(next, GSON.toJson(this) + "\n");
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
