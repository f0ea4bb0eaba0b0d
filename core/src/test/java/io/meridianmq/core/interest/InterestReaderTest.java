package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHashes;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the writer may do between two loads of a reader is done here from the reader's sink, so at a known moment. */
class InterestReaderTest {

    private static final Place FIRST = Place.node("r", "z", "1");
    private static final Place SWAPPED = Place.node("r", "z", "2");
    private static final Place LATER = Place.node("r", "z", "3");

    private final InterestTable table = new InterestTable();

    @Test
    void holderWhoseSnapshotIsInstalledDuringTheCallIsFound() {
        table.add(FIRST, InterestTableTest.entries(Reach.GLOBAL, "a"));
        table.add(SWAPPED, InterestTableTest.entries(Reach.GLOBAL, "a"));
        assertThat(foundWhile(this::swap)).contains(SWAPPED);
    }

    @Test
    void holderWhoseIndexIsUsedAgainDuringTheCallIsFound() {
        table.add(FIRST, InterestTableTest.entries(Reach.GLOBAL, "a"));
        table.add(SWAPPED, InterestTableTest.entries(Reach.GLOBAL, "a"));
        var found = foundWhile(() -> {
            swap();
            while (table.upkeep(InterestTable.UPKEEP_SEGMENTS)) {}
            table.add(LATER, InterestTableTest.entries(Reach.GLOBAL, "b"));
        });
        assertThat(found).contains(SWAPPED);
    }

    @Test
    void matchesWithoutAllocating() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        table.add(FIRST, InterestTableTest.entries(Reach.GLOBAL, "a/b/c", "a/#", "a/b/+", "a/+/c"));
        table.add(SWAPPED, InterestTableTest.entries(Reach.GLOBAL, "a/b/c", "a/#", "a/b/+", "a/+/c"));
        var calls = new Counter();
        var reader = new InterestReader(table, calls);
        var topic = new TopicHashes().of("a/b/c");
        for (var i = 0; i < 20_000; i++) {
            reader.match(topic);
        }
        var before = threads.getCurrentThreadAllocatedBytes();
        for (var i = 0; i < 20_000; i++) {
            reader.match(topic);
        }
        // Less than a byte a call: the measurement itself allocates a little.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
        assertThat(calls.count).isEqualTo(40_000L * 8);
    }

    /** The holders of topic {@code a}, when something happens after the first of them was found. */
    private List<Place> foundWhile(Runnable writer) {
        var found = new ArrayList<Place>();
        var reader = new InterestReader(table, new Counter() {
            @Override
            public void literal(Holder holder) {
                found.add(holder.place());
                if (found.size() == 1) {
                    writer.run();
                }
            }
        });
        reader.match(new TopicHashes().of("a"));
        assertThat(found.getFirst()).isEqualTo(FIRST);
        return found;
    }

    private void swap() {
        var generation = table.open(table.register(SWAPPED));
        table.add(generation, InterestTableTest.entries(Reach.GLOBAL, "a"));
        table.install(generation);
    }

    private static class Counter implements InterestMatches {
        long count;

        @Override
        public void literal(Holder holder) {
            count++;
        }

        @Override
        public void prefix(Holder holder, TopicFilter.Shape shape, int levels) {
            count++;
        }

        @Override
        public void wildcard(Holder holder, TopicFilter filter) {
            count++;
        }

        @Override
        public void group(String group, TopicFilter filter, Holder holder, boolean online) {
            count++;
        }
    }
}
