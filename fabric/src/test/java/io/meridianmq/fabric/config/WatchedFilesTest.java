package io.meridianmq.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFilesTest {

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        write("a", "1");
        write("b", "1");
    }

    @Test
    void aChangeIsToldOnceWhenItHasSettled() throws IOException {
        var files = watch();
        assertThat(files.haveChanged()).isFalse();
        write("a", "22");
        assertThat(files.haveChanged()).isFalse();
        write("b", "22");
        assertThat(files.haveChanged()).as("still being written").isFalse();
        assertThat(files.haveChanged()).isTrue();
        assertThat(files.haveChanged()).isFalse();
    }

    @Test
    void aFileThatGoesAndComesBackHasChanged() throws IOException {
        var files = watch();
        Files.delete(folder.resolve("a"));
        assertThat(files.haveChanged()).isFalse();
        assertThat(files.haveChanged()).isTrue();
        write("a", "1");
        assertThat(files.haveChanged()).isFalse();
        assertThat(files.haveChanged()).isTrue();
    }

    @Test
    void aLinkThatIsSwitchedOverIsAChange() throws IOException {
        write("c", "1");
        var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
        var files = new WatchedFiles(List.of(link));
        var next = Files.createSymbolicLink(folder.resolve("next"), folder.resolve("c"));
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertThat(files.haveChanged()).isFalse();
        assertThat(files.haveChanged()).isTrue();
    }

    private WatchedFiles watch() {
        return new WatchedFiles(List.of(folder.resolve("a"), folder.resolve("b")));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
