package io.meridianmq.cli.platform;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that every command about a local platform has. */
public final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {
                "Folder of the platform: configuration, logs and data.",
                "Default: .meridian in the source checkout; for an unpacked distribution in your home folder."
            })
    private @Nullable Path folder;

    DataFolder folder() {
        return folder == null ? DataFolder.standard() : new DataFolder(folder);
    }
}
