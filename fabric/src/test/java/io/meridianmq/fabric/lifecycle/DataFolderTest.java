package io.meridianmq.fabric.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    private static final String KIND = "node-broker";

    @TempDir
    Path temp;

    @Test
    void createsAFolderAndFindsItAgain() throws IOException {
        var path = temp.resolve("a/b");
        try (var folder = DataFolder.open(path, KIND, 2)) {
            assertThat(folder.format()).isEqualTo(2);
        }
        try (var folder = DataFolder.open(path, KIND, 3)) {
            assertThat(folder.format()).isEqualTo(2);
        }
    }

    @Test
    void aSecondProcessIsToldWhichFolderIsInUse() throws IOException {
        try (var _ = DataFolder.open(temp, KIND, 1)) {
            assertThatThrownBy(() -> DataFolder.open(temp, KIND, 1))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining(temp + " is in use by another process");
        }
    }

    @Test
    void aNewerFormatIsRefusedUntouched() throws IOException {
        Files.writeString(temp.resolve("format"), KIND + " 9\n");
        assertThatThrownBy(() -> DataFolder.open(temp, KIND, 1))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("format 9, this one reads up to 1")
                .hasMessageContaining("start the newer version again");
        assertThat(filesIn(temp)).containsExactly("format");
    }

    @Test
    void theFolderOfAnotherProgramIsRefused() throws IOException {
        DataFolder.open(temp, "zone-gateway", 1).close();
        assertThatThrownBy(() -> DataFolder.open(temp, KIND, 1))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("belongs to zone-gateway");
    }

    @Test
    void aFolderWithForeignFilesIsRefusedUntouched() throws IOException {
        Files.writeString(temp.resolve("thesis.tex"), "precious");
        assertThatThrownBy(() -> DataFolder.open(temp, KIND, 1))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("thesis.tex");
        assertThat(filesIn(temp)).containsExactly("thesis.tex");
    }

    @Test
    void aDamagedFormatIsRefused() throws IOException {
        Files.writeString(temp.resolve("format"), "");
        assertThatThrownBy(() -> DataFolder.open(temp, KIND, 1))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void aFileIsNotAFolder() throws IOException {
        var file = Files.writeString(temp.resolve("file"), "");
        assertThatThrownBy(() -> DataFolder.open(file, KIND, 1))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("is a file");
    }

    @Test
    void bootNumbersRiseAtEveryStartWhateverTheClockSays() throws IOException {
        try (var folder = DataFolder.open(temp, KIND, 1)) {
            assertThat(BootNumber.next(folder, 0, 1_000)).isEqualTo(1_000);
            assertThat(BootNumber.next(folder, 0, 500)).isEqualTo(1_001);
            assertThat(BootNumber.next(folder, 7_000, 500)).isEqualTo(7_000);
            assertThat(BootNumber.next(folder, 7_000, 500)).isEqualTo(7_001);
        }
    }

    @Test
    void aDamagedBootNumberIsRefusedRatherThanStartedOver() throws IOException {
        try (var folder = DataFolder.open(temp, KIND, 1)) {
            Files.writeString(temp.resolve("boot"), "\0\0\0");
            assertThatThrownBy(() -> BootNumber.next(folder, 0, 1_000))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("boot is damaged");
        }
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
