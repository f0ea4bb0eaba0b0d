package io.meridianmq.core.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values by the client identifier that each of them has: a map without entry objects, since there are a million values.
 * Open addressing with linear probing; a removal closes the gap that it leaves.
 */
final class ClientTable<T> {

    private static final int CELLS_AT_FIRST = 8;

    private final Function<T, String> clientId;
    private @Nullable Object[] cells = new @Nullable Object[CELLS_AT_FIRST];
    private int size;

    /** @param clientId the identifier of a value; never changes */
    ClientTable(Function<T, String> clientId) {
        this.clientId = clientId;
    }

    int size() {
        return size;
    }

    /** The value of a client, null if there is none. */
    @Nullable
    T find(String client) {
        return at(cellOf(client));
    }

    /** Adds a value, in place of the one that the client has. */
    void put(T value) {
        var cell = cellOf(clientId.apply(value));
        if (cells[cell] == null) {
            size++;
            if (size * 4 > cells.length * 3) {
                grow();
                cell = cellOf(clientId.apply(value));
            }
        }
        cells[cell] = value;
    }

    /** Removes the value of a client, if there is one. */
    void remove(String client) {
        var gap = cellOf(client);
        if (cells[gap] == null) {
            return;
        }
        size--;
        for (var next = after(gap); ; next = after(next)) {
            var follower = at(next);
            if (follower == null) {
                cells[gap] = null;
                return;
            }
            var home = homeOf(clientId.apply(follower));
            // It may move into the gap if its probing begins at the gap or before, going round the end.
            if ((next - home & mask()) >= (next - gap & mask())) {
                cells[gap] = follower;
                gap = next;
            }
        }
    }

    /** All values at this moment, in no particular order; the table may change while they are looked at. */
    List<T> values() {
        var values = new ArrayList<T>(size);
        for (var i = 0; i < cells.length; i++) {
            var value = at(i);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** The cell that has the client's value, or is free for it. */
    private int cellOf(String client) {
        var cell = homeOf(client);
        for (var value = at(cell); value != null && !clientId.apply(value).equals(client); value = at(cell)) {
            cell = after(cell);
        }
        return cell;
    }

    private int homeOf(String client) {
        // All clients of a slot agree in some bits of one hash; this is another one, mixed.
        var hash = client.hashCode() * 0x9E37_79B9;
        return (hash ^ hash >>> 16) & mask();
    }

    private int after(int cell) {
        return cell + 1 & mask();
    }

    private int mask() {
        return cells.length - 1;
    }

    private void grow() {
        var former = cells;
        cells = new @Nullable Object[former.length * 2];
        for (var value : former) {
            if (value != null) {
                cells[cellOf(clientId.apply(cast(value)))] = value;
            }
        }
    }

    private @Nullable T at(int cell) {
        var value = cells[cell];
        return value == null ? null : cast(value);
    }

    @SuppressWarnings("unchecked") // Nothing else is ever put in.
    private T cast(Object value) {
        return (T) value;
    }
}
