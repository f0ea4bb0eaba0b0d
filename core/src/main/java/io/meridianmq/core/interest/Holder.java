package io.meridianmq.core.interest;

import io.meridianmq.core.place.Place;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour whose interest an {@link InterestTable} keeps: the same object from its first entry until it is removed.
 *
 * <p>Any thread may read it; the table's writer changes it.
 */
public final class Holder {

    private final Place place;
    private final int number;
    private volatile boolean current;
    /** Writer only: the generation of entries that deltas go to. */
    @Nullable
    Generation installed;

    Holder(Place place, int number) {
        this.place = place;
        this.number = number;
    }

    public Place place() {
        return place;
    }

    /**
     * A small number, unlike that of every other holder the table has now, for bit sets: below {@link
     * InterestTable#HOLDERS_MAX}. It is given away again after the holder is removed.
     */
    public int number() {
        return number;
    }

    /**
     * Whether what the table has is known to be what the holder wants. If not, an acknowledged publication has to count
     * it as wanting everything.
     */
    public boolean isCurrent() {
        return current;
    }

    void current(boolean value) {
        current = value;
    }

    @Override
    public String toString() {
        return place + (current ? "" : " (not current)");
    }
}
