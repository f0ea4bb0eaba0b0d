package io.meridianmq.architecture;

import java.util.regex.Pattern;

/**
 * One normative statement of a specification.
 *
 * @param identifier as the code cites it, without brackets: {@code MQTT-3.1.2-24}, or {@code MQTT3-3.1.2-24} for 3.1.1
 * @param holder whom it binds
 * @param words what it says, in words of our own
 */
record Clause(String identifier, Holder holder, String words) {

    /** How code and tests cite a statement. */
    static final Pattern CITATION = Pattern.compile("\\[(MQTT3?-[0-9][0-9.]*-[0-9]+)]");

    private static final Pattern LINE = Pattern.compile("([0-9.]+-[0-9]+) \\| (server|client|void|draft) \\| (.+)");

    /** Whom a statement binds. */
    enum Holder {
        /** The server, perhaps the client as well. */
        SERVER,
        /** The client alone. */
        CLIENT,
        /** Nobody here: what it is about does not exist in Meridian, as its words say. */
        VOID,
        /** Nobody: a number of a draft that the standard gave up. */
        DRAFT
    }

    /** Reads a line of a catalogue. */
    static Clause parse(String prefix, String line) {
        var matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not \"identifier | holder | words\": " + line);
        }
        var holder = switch (matcher.group(2)) {
            case "server" -> Holder.SERVER;
            case "client" -> Holder.CLIENT;
            case "void" -> Holder.VOID;
            default -> Holder.DRAFT; // The pattern allows no fifth.
        };
        return new Clause(prefix + matcher.group(1), holder, matcher.group(3));
    }
}
