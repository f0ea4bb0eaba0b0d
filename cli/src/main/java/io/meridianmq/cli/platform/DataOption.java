package io.meridianmq.cli.platform;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that every command about a local platform has. */
final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {
                "Folder of the platform: configuration, logs and data.",
                "Default: $MERIDIAN_DATA; .meridian in the source folder for ./meridian there; ~/.meridian."
            })
    private @Nullable Path folder;

    DataFolder folder() {
        return folder == null ? DataFolder.standard() : new DataFolder(folder);
    }
}
