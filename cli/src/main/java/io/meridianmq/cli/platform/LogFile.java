package io.meridianmq.cli.platform;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The log file of one process: read here, written by the process.
 *
 * @param path where it is
 */
record LogFile(Path path) {

    private static final long BYTES_MAX = 10_000_000;
    private static final int TAIL_BYTES_MAX = 256 * 1024;
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * Before a start: a file over 10 MB becomes the one previous log that is kept; a line marks the start.
     *
     * @param what is started
     */
    void begin(String what) {
        try {
            if (Files.exists(path) && Files.size(path) > BYTES_MAX) {
                Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(
                    path,
                    "--- " + what + ", " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot begin the log file " + path, e);
        }
    }

    /** The last lines, at most {@code count} of them and at most 256 KB. */
    List<String> tail(int count) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            var from = Math.max(0, file.length() - TAIL_BYTES_MAX);
            var bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        }
    }

    /** How much there is, in bytes. */
    long size() throws IOException {
        return Files.size(path);
    }

    /**
     * Copies what is added to the file, until the thread is interrupted or what adds to it has ended.
     *
     * @param from where to begin, in bytes from the beginning of the file
     * @param ended whether nothing more will be added
     */
    void follow(long from, OutputStream out, BooleanSupplier ended) throws IOException, InterruptedException {
        var position = from;
        var last = false;
        while (!last) {
            Thread.sleep(POLL);
            // Asked before the file is read, so that what was added just before the end is not missed.
            last = ended.getAsBoolean();
            var size = Files.size(path);
            if (size < position) {
                // Put aside at a restart: the new file is read from its beginning.
                position = 0;
            }
            if (size > position) {
                try (var in = Files.newInputStream(path)) {
                    in.skipNBytes(position);
                    position += in.transferTo(out);
                }
                out.flush();
            }
        }
    }
}
