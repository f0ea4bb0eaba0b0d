package io.meridianmq.core.lane;

import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.publication.Publication;
import java.util.List;
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
    private @Nullable List<GroupGrant>[] grants = newLists(INITIAL_CAPACITY);
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

    void add(Publication publication, List<GroupGrant> granted, long token) {
        if (size == tokens.length) {
            grow();
        }
        var at = slot(size);
        publications[at] = publication;
        grants[at] = granted;
        tokens[at] = token;
        size++;
        bytes += publication.bytes().sizeBytes();
    }

    /** The publication {@code index} entries behind the oldest. */
    Publication publication(int index) {
        assert index >= 0 && index < size;
        return Objects.requireNonNull(publications[slot(index)], "a held entry has a publication");
    }

    List<GroupGrant> grants(int index) {
        assert index >= 0 && index < size;
        return Objects.requireNonNull(grants[slot(index)], "a held entry has a list of grants");
    }

    /** Takes the oldest entry out and returns its token; its share of the bytes is released. */
    long removeOldest() {
        var publication = publication(0);
        var token = tokens[head];
        publications[head] = null;
        grants[head] = null;
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
        var oldGrants = grants;
        var oldTokens = tokens;
        var tail = tokens.length - head;
        var oldHead = head;
        allocate(tokens.length * 2);
        System.arraycopy(oldPublications, oldHead, publications, 0, tail);
        System.arraycopy(oldPublications, 0, publications, tail, oldHead);
        System.arraycopy(oldGrants, oldHead, grants, 0, tail);
        System.arraycopy(oldGrants, 0, grants, tail, oldHead);
        System.arraycopy(oldTokens, oldHead, tokens, 0, tail);
        System.arraycopy(oldTokens, 0, tokens, tail, oldHead);
    }

    private void allocate(int capacity) {
        publications = new @Nullable Publication[capacity];
        grants = newLists(capacity);
        tokens = new long[capacity];
        head = 0;
    }

    @SuppressWarnings({"unchecked", "rawtypes"
    }) // Java has no arrays of a generic type; this one never leaves the class.
    private static @Nullable List<GroupGrant>[] newLists(int capacity) {
        return new List[capacity];
    }
}
