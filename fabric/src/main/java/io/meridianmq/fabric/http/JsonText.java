package io.meridianmq.fabric.http;

/**
 * JSON as it is written, from the first value to the last. Commas come by themselves; that objects and arrays end, and
 * that values in objects have names, is the caller's business.
 *
 * <p>Belongs to one thread.
 */
public final class JsonText {

    /** Below it, doubles and longs agree about whole numbers. */
    private static final double WHOLE_MAX = 1L << 53;

    private final StringBuilder text = new StringBuilder();

    /** Whether the next name or value follows another one. */
    private boolean follows;

    /** Begins an object. */
    public JsonText object() {
        return open('{');
    }

    /** Ends an object. */
    public JsonText endObject() {
        return close('}');
    }

    /** Begins an array. */
    public JsonText array() {
        return open('[');
    }

    /** Ends an array. */
    public JsonText endArray() {
        return close(']');
    }

    /** The name of the value that comes next, in an object. */
    public JsonText name(String name) {
        separate();
        quote(name);
        text.append(':');
        follows = false;
        return this;
    }

    /** A string. */
    public JsonText value(String value) {
        separate();
        quote(value);
        return this;
    }

    /** A number without a fraction. */
    public JsonText value(long value) {
        separate();
        text.append(value);
        return this;
    }

    /** A number with at most one digit behind the point; {@code null} for what is not a number. */
    public JsonText rounded(double value) {
        separate();
        if (!Double.isFinite(value)) {
            text.append("null");
        } else if (value == Math.rint(value) && Math.abs(value) < WHOLE_MAX) {
            text.append((long) value);
        } else {
            text.append(Math.rint(value * 10) / 10);
        }
        return this;
    }

    /** True or false. */
    public JsonText value(boolean value) {
        separate();
        text.append(value);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private JsonText open(char bracket) {
        separate();
        text.append(bracket);
        follows = false;
        return this;
    }

    private JsonText close(char bracket) {
        text.append(bracket);
        follows = true;
        return this;
    }

    private void separate() {
        if (follows) {
            text.append(',');
        }
        follows = true;
    }

    /** RFC 8259, section 7. */
    private void quote(String string) {
        text.append('"');
        for (var i = 0; i < string.length(); i++) {
            var c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c)); // A surrogate may lack its other half.
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
