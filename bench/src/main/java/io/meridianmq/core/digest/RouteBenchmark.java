package io.meridianmq.core.digest;

import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.route.Router;
import io.meridianmq.digest.DigestBuilder;
import io.meridianmq.digest.DigestDelta;
import io.meridianmq.digest.DigestException;
import io.meridianmq.digest.DigestSettings;
import io.meridianmq.digest.DigestSnapshot;
import io.meridianmq.topic.TopicHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Where a publication of QoS 0 goes from its node, with thirteen zones and regions beside the node, each of which wants ten
 * million topics. Nothing is remembered from one message to the next. Budget: 1,500 ns, 0 B.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class RouteBenchmark {

    private static final int ZONES = 5;
    private static final int REGIONS = 8;
    private static final long BATCH_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int BATCH = 100_000;
    private static final int ASKED = 1 << 16;

    /** Of each neighbour. */
    @Param("10000000")
    public int filters;

    private final String[] wantedByOne = new String[ASKED];
    private final String[] unwanted = new String[ASKED];
    private Router router;
    private int next;

    /** Twelve neighbours want the same, one something else. */
    @Setup(Level.Trial)
    public void fill() throws DigestException {
        var self = Place.node("r0", "z0", "n0");
        var beside = neighbours();
        var digests = new HeldDigests();
        var common = snapshot("common");
        for (var place : beside) {
            var digest = digests.open(place).orElseThrow();
            var told = place.equals(beside.getLast()) ? snapshot("own") : common;
            for (var i = 0; i < told.chunks(); i++) {
                digest.accept(told.chunk(i));
            }
        }
        var members = new ArrayList<>(beside);
        members.add(self);
        var view = MembershipView.of(
                1,
                members.stream().map(place -> new Member(place, 1, "", "", "")).toList());
        router = new Router(
                self, AddressRules.of(AddressRules.DEFAULT_TEMPLATES), new InterestTable(), digests, () -> view);
        for (var i = 0; i < ASKED; i++) {
            wantedByOne[i] = topic("own", (int) (i * (long) filters / ASKED));
            unwanted[i] = topic("nobody", i);
        }
    }

    private static List<Place> neighbours() {
        var all = new ArrayList<Place>();
        for (var i = 1; i <= ZONES; i++) {
            all.add(Place.zone("r0", "z" + i));
        }
        for (var i = 1; i <= REGIONS; i++) {
            all.add(Place.region("r" + i));
        }
        return all;
    }

    private DigestSnapshot snapshot(String kind) {
        var settings = new DigestSettings(filters, 25, 50_000, 10_000, BATCH, 10_000);
        var builder = new DigestBuilder(settings, () -> LongStream.empty().iterator(), 1);
        var now = 0L;
        for (var i = 0; i < filters; i++) {
            builder.addLiteral(TopicHash.ofLiteral(topic(kind, i)), now);
            if (i % BATCH == BATCH - 1) {
                now += BATCH_NANOS;
                if (!(builder.poll(now).orElseThrow() instanceof DigestDelta)) {
                    throw new IllegalStateException("a new generation although there is room");
                }
            }
        }
        return builder.snapshot();
    }

    private static String topic(String kind, int i) {
        return "site/" + i / 1_000 + "/device/" + i % 1_000 + "/" + kind;
    }

    /** A topic that nobody else wants. */
    @Benchmark
    public Destinations unwanted() {
        return decide(unwanted);
    }

    /** A topic that one neighbour wants. */
    @Benchmark
    public Destinations wantedByOne() {
        return decide(wantedByOne);
    }

    /** The topic of the message before, which one neighbour wants. */
    @Benchmark
    public Destinations again() {
        return router.decide(wantedByOne[0], Qos.AT_MOST_ONCE, Router.Arrival.PUBLISHED_HERE, List.of(), next++);
    }

    private Destinations decide(String[] topics) {
        next = (next + 1) & (ASKED - 1);
        return router.decide(topics[next], Qos.AT_MOST_ONCE, Router.Arrival.PUBLISHED_HERE, List.of(), next);
    }
}
