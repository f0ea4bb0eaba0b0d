package io.meridianmq.fabric.settings;

import io.meridianmq.core.settings.PlatformSettings;
import java.time.Instant;

/**
 * A version of the settings and how it came about.
 *
 * @param writtenAt when, by the clock of who wrote it
 * @param author who asked for it, as that person or program called itself
 * @param comment what it was for; may be empty
 * @param change what it changed, for a reader
 */
public record SettingsVersion(
        PlatformSettings settings, Instant writtenAt, String author, String comment, String change) {

    /** Before anything has been set. */
    public static final SettingsVersion NONE =
            new SettingsVersion(PlatformSettings.NONE, Instant.EPOCH, "", "", "nothing is set yet");

    /** Its number. */
    public long number() {
        return settings.version();
    }
}
