package io.meridianmq.fabric.link;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** One count for every constant of an enum. Any thread may count and read. */
final class EnumCounts<E extends Enum<E>> {

    /** Complete from the start and never changed, so that reading it needs no lock. */
    private final Map<E, LongAdder> adders;

    EnumCounts(Class<E> type) {
        adders = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            adders.put(constant, new LongAdder());
        }
    }

    void count(E constant) {
        of(constant).increment();
    }

    /** The count of one constant. */
    LongAdder of(E constant) {
        return Objects.requireNonNull(adders.get(constant));
    }

    /** The counts above zero. */
    Map<E, Long> sums() {
        var sums = new TreeMap<E, Long>();
        adders.forEach((constant, adder) -> {
            if (adder.sum() > 0) {
                sums.put(constant, adder.sum());
            }
        });
        return Collections.unmodifiableMap(sums);
    }
}
