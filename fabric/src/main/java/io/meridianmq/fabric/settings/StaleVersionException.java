package io.meridianmq.fabric.settings;

import java.io.Serial;

/** Somebody else has written since the version that a write was based on; nothing was written. */
public final class StaleVersionException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Not serialised: an exception of this kind is not sent anywhere. */
    private final transient SettingsVersion current;

    /** A refusal of a write that expected another version than the one in force. */
    public StaleVersionException(long expected, SettingsVersion current) {
        super("version " + expected + " of the settings was expected, but version " + current.number() + " is in force"
                + (current.author().isEmpty() ? "" : ", by " + current.author() + ": " + current.change()));
        this.current = current;
    }

    /** What is in force. */
    public SettingsVersion current() {
        return current;
    }
}
