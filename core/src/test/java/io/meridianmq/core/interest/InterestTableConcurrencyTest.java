package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import io.meridianmq.topic.TopicHashes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Readers look up filters of a holder that never stops wanting them, while snapshots replace its entries, other holders
 * join and leave the same entries (so that sets get and lose identifiers), and the segments around are copied.
 */
class InterestTableConcurrencyTest {

    private static final Place STABLE = Place.node("r", "z", "stable");
    private static final int TOPICS = 64;
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    /** So many more than none, however long they take. */
    private static final int SWAPS_MIN = 10;

    /** Remembers whether the stable holder came. */
    private static final class Finder implements InterestMatches {
        boolean literal;
        boolean prefix;
        boolean wildcard;
        boolean group;

        void clear() {
            literal = false;
            prefix = false;
            wildcard = false;
            group = false;
        }

        @Override
        public void literal(Holder holder) {
            literal |= holder.place().equals(STABLE);
        }

        @Override
        public void prefix(Holder holder, TopicFilter.Shape shape, int levels) {
            prefix |= holder.place().equals(STABLE);
        }

        @Override
        public void wildcard(Holder holder, TopicFilter filter) {
            wildcard |= holder.place().equals(STABLE);
        }

        @Override
        public void group(String group, TopicFilter filter, Holder holder, boolean online) {
            this.group |= holder.place().equals(STABLE);
        }
    }

    @Test
    void readersNeverMissWhatStaysDuringChurnAndSnapshots() throws Exception {
        var seed = Seeds.orElse(17);
        var table = new InterestTable();
        var stable = InterestTableTest.entries(Reach.GLOBAL, stableFilters());
        var shared = InterestTableTest.groups(new InterestEntries.Group("g", "t/+/x", true));
        var holder = table.register(STABLE);
        table.add(STABLE, stable);
        table.add(STABLE, shared);
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var readers = List.of(
                    threads.submit(() -> read(table, stop, seed)), threads.submit(() -> read(table, stop, seed + 1)));
            var random = new Random(seed);
            var others = new ArrayList<Place>();
            for (var i = 0; i < 6; i++) {
                others.add(Place.node("r", "z", "other" + i));
            }
            var end = System.nanoTime() + NANOS;
            var swaps = 0;
            while ((System.nanoTime() < end || swaps <= SWAPS_MIN)
                    && readers.stream().noneMatch(Future::isDone)) {
                swap(table, holder, stable, shared);
                swaps++;
                churn(table, others, random);
                table.upkeep(InterestTable.UPKEEP_SEGMENTS);
            }
            stop.set(true);
            var looks = 0L;
            for (var reader : readers) {
                looks += reader.get(60, TimeUnit.SECONDS);
            }
            assertThat(swaps).isGreaterThan(SWAPS_MIN);
            assertThat(looks).as(Seeds.message(seed)).isGreaterThan(1_000);
            assertThat(table.sets().epoch()).isGreaterThan(swaps);
        }
    }

    private static void swap(InterestTable table, Holder holder, InterestEntries stable, InterestEntries shared) {
        var generation = table.open(holder);
        table.add(generation, stable);
        table.add(generation, shared);
        table.install(generation);
    }

    private static void churn(InterestTable table, List<Place> others, Random random) {
        for (var i = 0; i < 3_000; i++) {
            var place = others.get(random.nextInt(others.size()));
            var n = random.nextInt(TOPICS);
            var entries = InterestTableTest.entries(
                    ReachCode.reach(1 + random.nextInt(3)),
                    "t/" + n + "/x",
                    "t/" + n + "/#",
                    "+/" + n + "/x",
                    "u/" + random.nextInt(100_000));
            if (random.nextBoolean()) {
                table.add(place, entries);
            } else {
                table.remove(place, entries);
            }
        }
        if (random.nextInt(4) == 0) {
            table.removeHolder(others.get(random.nextInt(others.size())));
        }
    }

    private static long read(InterestTable table, AtomicBoolean stop, long seed) {
        var random = new Random(seed);
        var finder = new Finder();
        var reader = new InterestReader(table, finder);
        var hashes = new TopicHashes();
        var looks = 0L;
        while (!stop.get()) {
            var topic = "t/" + random.nextInt(TOPICS) + "/x";
            finder.clear();
            reader.match(hashes.of(topic));
            reader.matchGroups(hashes);
            if (!finder.literal || !finder.prefix || !finder.wildcard || !finder.group) {
                throw new AssertionError(topic + " missed: literal " + finder.literal + ", prefix " + finder.prefix
                        + ", wildcard " + finder.wildcard + ", group " + finder.group + "; " + Seeds.message(seed));
            }
            looks++;
        }
        return looks;
    }

    private static String[] stableFilters() {
        var filters = new ArrayList<String>();
        for (var i = 0; i < TOPICS; i++) {
            filters.add("t/" + i + "/x");
            filters.add("t/" + i + "/#");
            filters.add("+/" + i + "/x");
        }
        return filters.toArray(String[]::new);
    }

    @Test
    void sourceForDigestsGivesAllThatStaysWhileEntriesChange() {
        var table = new InterestTable();
        var stable = new String[2_000];
        for (var i = 0; i < stable.length; i++) {
            stable[i] = "s/" + i;
        }
        table.add(STABLE, InterestTableTest.entries(Reach.GLOBAL, stable));
        var given = new HashSet<Long>();
        var keys = table.literals(Reach.REGION);
        var other = Place.node("r", "z", "other");
        for (var i = 0; keys.hasNext(); i++) {
            given.add(keys.nextLong());
            table.add(other, InterestTableTest.entries(Reach.GLOBAL, "o/" + i, "s/" + i));
            table.remove(other, InterestTableTest.entries(Reach.GLOBAL, "o/" + i / 2));
        }
        for (var filter : stable) {
            assertThat(given).contains(TopicHash.ofLiteral(filter));
        }
    }
}
