package io.meridianmq.cli.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * The readings of one device, as JSON:
 *
 * <pre>{@code
 * {"device":"us-east-00002","kind":"vehicle","qos":1,"number":41,"micros":1767225600000000,"latitude":51.00917,...}
 * }</pre>
 *
 * where {@code number} counts the device's messages of that QoS from 0, and {@code micros} is when the reading was due,
 * in microseconds since 1970.
 */
final class Telemetry {

    private static final String QOS = "\"qos\":";
    private static final String NUMBER = "\"number\":";
    private static final String MICROS = "\"micros\":";

    /** Digits of any number in a payload that fit into a long without a thought. */
    private static final int DIGITS_MAX = 18;

    private final String begin;
    private final Kind kind;
    private final RandomGenerator random;
    private final double[] values;

    Telemetry(String device, Kind kind, RandomGenerator random) {
        this.begin = "{\"device\":\"" + device + "\",\"kind\":\"" + kind.name() + "\"," + QOS;
        this.kind = kind;
        this.random = random;
        this.values = kind.quantities().stream()
                .mapToDouble(quantity -> quantity.first(random))
                .toArray();
    }

    /** The next reading. */
    byte[] next(int qos, long number, long dueMicros) {
        var json = new StringBuilder(256)
                .append(begin)
                .append(qos)
                .append(',')
                .append(NUMBER)
                .append(number)
                .append(',')
                .append(MICROS)
                .append(dueMicros);
        for (var index = 0; index < values.length; index++) {
            var quantity = kind.quantities().get(index);
            values[index] = quantity.next(values[index], random);
            json.append(",\"").append(quantity.name()).append("\":");
            appendDecimal(json, values[index], quantity.decimals());
        }
        return json.append('}').toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static void appendDecimal(StringBuilder json, double value, int decimals) {
        var scale = Math.powExact(10L, decimals);
        var scaled = Math.round(value * scale);
        if (scaled < 0) {
            json.append('-');
        }
        json.append(Math.abs(scaled) / scale);
        if (decimals > 0) {
            var digits = Long.toString(Math.abs(scaled) % scale);
            json.append('.').repeat('0', decimals - digits.length()).append(digits);
        }
    }

    /**
     * What every reading says of itself.
     *
     * @param qos 0 to 2
     */
    record Head(int qos, long number, long dueMicros) {

        /** Nothing that a device of the fleet has written. */
        static final Head NONE = new Head(-1, -1, -1);
    }

    /** Reads the head of a payload without moving its reader index; {@link Head#NONE} if it has none. */
    static Head headOf(ByteBuf payload) {
        var text = payload.toString(StandardCharsets.ISO_8859_1);
        var qos = numberAfter(QOS, text);
        var number = numberAfter(NUMBER, text);
        var micros = numberAfter(MICROS, text);
        return qos < 0 || qos > 2 || number < 0 || micros < 0 ? Head.NONE : new Head((int) qos, number, micros);
    }

    /** The digits behind a key, or -1. */
    static long numberAfter(String key, String json) {
        var at = json.indexOf(key);
        if (at < 0) {
            return -1;
        }
        var from = at + key.length();
        var to = from;
        while (to < json.length() && to - from < DIGITS_MAX && Character.isDigit(json.charAt(to))) {
            to++;
        }
        return to == from ? -1 : Long.parseLong(json, from, to, 10);
    }
}
