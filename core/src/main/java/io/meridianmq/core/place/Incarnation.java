package io.meridianmq.core.place;

/**
 * A component in one of its starts. After a restart the same place is another incarnation, which knows nothing of what the
 * earlier one promised from memory.
 *
 * @param boot number of the start, as in {@link Member#boot}
 */
public record Incarnation(Place place, long boot) {

    /** Whether the other one is a later start of the same place. */
    public boolean isEarlierStartOf(Incarnation other) {
        return place.equals(other.place) && boot < other.boot;
    }

    @Override
    public String toString() {
        return place + "#" + boot;
    }
}
