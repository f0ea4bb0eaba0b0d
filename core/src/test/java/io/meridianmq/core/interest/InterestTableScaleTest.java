package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Five million literal filters of a zone of 50 nodes: bytes each, and changes a second on one core. */
@Tag("large")
class InterestTableScaleTest {

    private static final int FILTERS = 5_000_000;
    private static final int NODES = 50;
    private static final int BATCH = 1_000;
    private static final int CHANGES = 2_000_000;

    @Test
    void keepsToItsBytesAndChangesASecond() {
        var table = new InterestTable();
        for (var from = 0; from < FILTERS; from += BATCH) {
            table.add(node(from), batch(from));
        }
        assertThat(table.literalCount()).isEqualTo(FILTERS);
        var bytes = (double) FilterHashesTest.bytes(table.literals().codes()) / FILTERS;

        // One filter in a hundred is wanted by a second node too.
        for (var from = 0; from < FILTERS; from += 100 * BATCH) {
            table.add(node(from + BATCH), batch(from));
        }
        var start = System.nanoTime();
        for (var i = 0; i < CHANGES; i += 2 * BATCH) {
            table.add(node(FILTERS + i), batch(FILTERS + i));
            table.remove(node(i), batch(i));
        }
        var seconds = (System.nanoTime() - start) / 1e9;
        var rate = CHANGES / seconds;
        System.out.printf(
                "%,d literal filters: %.1f bytes each; %,.0f changes/s, batches of %d%n", FILTERS, bytes, rate, BATCH);
        assertThat(bytes).isLessThanOrEqualTo(24);
        assertThat(rate).isGreaterThan(200_000);
    }

    private static Place node(int from) {
        return Place.node("r", "z", "n" + from / BATCH % NODES);
    }

    private static InterestEntries batch(int from) {
        var hashes = new long[BATCH];
        for (var i = 0; i < BATCH; i++) {
            hashes[i] = Checksums.mix(from + i);
        }
        return new InterestEntries(
                List.of(new InterestEntries.Literals(Reach.GLOBAL, ImmutableLongArray.copyOf(hashes))),
                List.of(),
                List.of());
    }
}
