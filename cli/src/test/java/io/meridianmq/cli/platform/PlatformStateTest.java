package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformStateTest {

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void whatIsWrittenIsRead() {
        var folder = new DataFolder(temporary);
        var identity = new ProcessIdentity(17, 4711, "boot");
        var node = new Started(
                "us-east/a/1", Kind.NODE, "us-east/a/1", 20_110, identity, "/log", "http://a", "http://b", 3);
        var state = new PlatformState(PlatformState.FORMAT, Shape.DEFAULT, identity, true, List.of(node));

        state.write(folder);

        assertThat(PlatformState.read(folder)).contains(state);
    }

    @Test
    void folderWithoutStateHasNone() {
        assertThat(PlatformState.read(new DataFolder(temporary))).isEmpty();
    }

    @Test
    void newerFormatIsRefusedAndLeftAlone() throws IOException {
        var folder = new DataFolder(temporary);
        Files.writeString(folder.stateFile(), "{\"format\": 2, \"something\": \"new\"}");

        assertThatThrownBy(() -> PlatformState.read(folder))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("newer version of Meridian (format 2, this one knows 1)")
                .hasMessageContaining("--data");
        assertThat(folder.stateFile()).content().contains("something");
    }

    @Test
    void damagedFileIsRefusedWithWhatToDo() throws IOException {
        var folder = new DataFolder(temporary);
        for (var text : List.of("", "{", "[]", "{}", "{\"format\": \"one\"}", "{\"format\": 1}")) {
            Files.writeString(folder.stateFile(), text);
            assertThatThrownBy(() -> PlatformState.read(folder))
                    .as(text)
                    .isInstanceOf(PlatformException.class)
                    .hasMessageContaining("is damaged");
        }
    }
}
