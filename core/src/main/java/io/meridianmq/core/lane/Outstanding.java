package io.meridianmq.core.lane;

import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.publication.Publication;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The publications a lane holds, first in first out, in arrays of equal length: an entry costs no object.
 *
 * <p>The arrays grow by doubling and return to their first size when the last entry leaves.
 */
final class Outstanding {

    private static final int INITIAL_CAPACITY = 16;

    private @Nullable Publication[] publications = new @Nullable Publication[INITIAL_CAPACITY];
    private @Nullable Waybill[] waybills = new @Nullable Waybill[INITIAL_CAPACITY];
    private long[] tokens = new long[INITIAL_CAPACITY];
    private int head;
    private int size;
    private long bytes;

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    void add(Publication publication, Waybill waybill, long token) {
        if (size == tokens.length) {
            grow();
        }
        var at = slot(size);
        publications[at] = publication;
        waybills[at] = waybill;
        tokens[at] = token;
        size++;
        bytes += publication.bytes().sizeBytes();
    }

    /** The publication {@code index} entries behind the oldest. */
    Publication publication(int index) {
        assert index >= 0 && index < size;
        return Objects.requireNonNull(publications[slot(index)], "a held entry has a publication");
    }

    Waybill waybill(int index) {
        assert index >= 0 && index < size;
        return Objects.requireNonNull(waybills[slot(index)], "a held entry has a waybill");
    }

    long token(int index) {
        assert index >= 0 && index < size;
        return tokens[slot(index)];
    }

    /** Takes the oldest entry out and returns its token; its share of the bytes is released. */
    long removeOldest() {
        var publication = publication(0);
        var token = tokens[head];
        publications[head] = null;
        waybills[head] = null;
        head = slot(1);
        size--;
        bytes -= publication.bytes().sizeBytes();
        publication.release();
        if (size == 0 && tokens.length > INITIAL_CAPACITY) {
            allocate(INITIAL_CAPACITY);
        }
        return token;
    }

    private int slot(int index) {
        return (head + index) & (tokens.length - 1);
    }

    private void grow() {
        var oldPublications = publications;
        var oldWaybills = waybills;
        var oldTokens = tokens;
        var tail = tokens.length - head;
        var oldHead = head;
        allocate(tokens.length * 2);
        System.arraycopy(oldPublications, oldHead, publications, 0, tail);
        System.arraycopy(oldPublications, 0, publications, tail, oldHead);
        System.arraycopy(oldWaybills, oldHead, waybills, 0, tail);
        System.arraycopy(oldWaybills, 0, waybills, tail, oldHead);
        System.arraycopy(oldTokens, oldHead, tokens, 0, tail);
        System.arraycopy(oldTokens, 0, tokens, tail, oldHead);
    }

    private void allocate(int capacity) {
        publications = new @Nullable Publication[capacity];
        waybills = new @Nullable Waybill[capacity];
        tokens = new long[capacity];
        head = 0;
    }
}
