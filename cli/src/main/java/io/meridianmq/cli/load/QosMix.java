package io.meridianmq.cli.load;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which share of messages goes at which QoS.
 *
 * @param shares for QoS 0, 1 and 2; not negative, one above 0
 */
record QosMix(List<Integer> shares) {

    private static final Pattern ONE_QOS = Pattern.compile("[012]");
    private static final Pattern SHARES = Pattern.compile("[0-9]{1,4}/[0-9]{1,4}(?:/[0-9]{1,4})?");

    /** Multiples of it, modulo 1, fill the interval evenly from the first on: the golden ratio's fraction. */
    private static final double EVENLY = 0.6180339887498949;

    QosMix {
        shares = List.copyOf(shares);
        if (shares.stream().mapToInt(Integer::intValue).sum() == 0) {
            throw new IllegalArgumentException("gives no QoS a share");
        }
    }

    /**
     * Reads {@code 1}, which is QoS 1 alone, or shares for QoS 0, 1 and perhaps 2, such as {@code 70/30} or
     * {@code 60/30/10}.
     *
     * @throws IllegalArgumentException if the text is neither; the message continues the quoted text
     */
    static QosMix parse(String text) {
        if (ONE_QOS.matcher(text).matches()) {
            var shares = new ArrayList<>(List.of(0, 0, 0));
            shares.set(Integer.parseInt(text), 1);
            return new QosMix(shares);
        }
        if (!SHARES.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is neither a QoS (0, 1, 2) nor shares of QoS 0, 1 and 2 such as 70/30 or 60/30/10");
        }
        var shares = new ArrayList<Integer>();
        for (var share : text.split("/", -1)) {
            shares.add(Integer.parseInt(share));
        }
        if (shares.size() == 2) {
            shares.add(0);
        }
        return new QosMix(shares);
    }

    /** The QoS of a message: over any stretch of messages the shares are as even as they can be. */
    int of(long message) {
        var total = shares.stream().mapToInt(Integer::intValue).sum();
        var position = message * EVENLY % 1 * total;
        if (position < shares.get(0)) {
            return 0;
        }
        return position < shares.get(0) + shares.get(1) ? 1 : 2;
    }

    /** The highest QoS that has a share. */
    int highest() {
        if (shares.get(2) > 0) {
            return 2;
        }
        return shares.get(1) > 0 ? 1 : 0;
    }

    /** Such as {@code QoS 0: 70%, QoS 1: 30%}. */
    @Override
    public String toString() {
        var total = shares.stream().mapToInt(Integer::intValue).sum();
        var parts = new ArrayList<String>();
        for (var qos = 0; qos <= 2; qos++) {
            if (shares.get(qos) > 0) {
                parts.add("QoS %d: %d%%".formatted(qos, Math.round(100.0 * shares.get(qos) / total)));
            }
        }
        return String.join(", ", parts);
    }
}
