package io.meridianmq.fabric.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A file of {@link Passwords} that is changed, one user at a time: other lines stay as they are. Each change replaces the
 * file by a new one, readable for its owner alone (mode 600), so that whoever reads meanwhile sees the one or the other.
 * Blocks. Two programs that change it at once lose one change.
 */
public final class PasswordFile {

    private static final String OWNER_ALONE = "rw-------";

    private final Path file;

    public PasswordFile(Path file) {
        // A symbolic link stays one: what it leads to is replaced.
        this.file = real(file);
    }

    /**
     * Whether there is such a user. No file is one without users.
     *
     * @throws RefusedFileException if the file is not usable
     */
    public boolean has(String user) throws RefusedFileException {
        return Passwords.parse(file, lines()).of(user).isPresent();
    }

    /**
     * Adds a user, or replaces what is there of the user.
     *
     * @throws RefusedFileException if the file is not usable, or cannot be written; it is then left as it is
     */
    public void put(String user, ScramVerifier verifier) throws RefusedFileException {
        Passwords.requireName(user);
        var entry = user + ":" + verifier.text();
        var lines = usableLines();
        var isReplaced = false;
        for (var i = 0; i < lines.size(); i++) {
            if (isOf(user, lines.get(i))) {
                lines.set(i, entry);
                isReplaced = true;
            }
        }
        if (!isReplaced) {
            lines.add(entry);
        }
        write(lines);
    }

    /**
     * Removes a user; nothing happens if there is none.
     *
     * @throws RefusedFileException if the file is not usable, or cannot be written; it is then left as it is
     */
    public void remove(String user) throws RefusedFileException {
        var lines = usableLines();
        if (lines.removeIf(line -> isOf(user, line))) {
            write(lines);
        }
    }

    private List<String> usableLines() throws RefusedFileException {
        var lines = lines();
        Passwords.parse(file, lines);
        return new ArrayList<>(lines);
    }

    private List<String> lines() throws RefusedFileException {
        return Files.notExists(file) ? List.of() : LinesOfFile.read(file);
    }

    private void write(List<String> lines) throws RefusedFileException {
        try {
            replaceBy(lines);
        } catch (IOException e) {
            throw new RefusedFileException(file, "cannot be written: " + e);
        }
    }

    private void replaceBy(List<String> lines) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        var ownerAlone = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE));
        var fresh = Files.createTempFile(folder, "." + file.getFileName(), ".new", ownerAlone);
        try {
            var text = String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
            try (var out = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean isOf(String user, String line) {
        return Passwords.nameIn(line).filter(user::equals).isPresent();
    }

    private static Path real(Path file) {
        try {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? file.toRealPath() : file;
        } catch (IOException _) {
            return file; // Reading it will say why.
        }
    }
}
