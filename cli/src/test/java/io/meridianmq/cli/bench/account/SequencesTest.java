package io.meridianmq.cli.bench.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SequencesTest {

    private static LongStream seeds() {
        var given = Long.getLong("meridian.seed");
        return given != null ? LongStream.of(given) : LongStream.range(0, 50);
    }

    @Test
    void messagesInOrderAreInOrder() {
        var sequences = new Sequences(2);

        assertThat(take(sequences, 0, 0, 1, 2)).containsOnly(Arrival.IN_ORDER);
        assertThat(take(sequences, 1, 0, 1)).containsOnly(Arrival.IN_ORDER);
        assertThat(sequences.received(0)).isEqualTo(3);
        assertThat(sequences.received()).isEqualTo(5);
    }

    @Test
    void oneThatWasLeftOutIsLateOnceAndThenRepeated() {
        var sequences = new Sequences(1);

        assertThat(take(sequences, 0, 0, 3, 1, 1, 4, 3))
                .containsExactly(
                        Arrival.IN_ORDER,
                        Arrival.IN_ORDER,
                        Arrival.LATE,
                        Arrival.REPEATED,
                        Arrival.IN_ORDER,
                        Arrival.REPEATED);
        assertThat(sequences.received(0)).isEqualTo(4);
    }

    @Test
    void beyondTheBoundLateOnesCountAsRepeated() {
        var sequences = new Sequences(1);
        sequences.take(0, Sequences.MISSING_MAX + 10);

        assertThat(sequences.take(0, Sequences.MISSING_MAX - 1)).isEqualTo(Arrival.LATE);
        assertThat(sequences.take(0, Sequences.MISSING_MAX + 5)).isEqualTo(Arrival.REPEATED);
        assertThat(sequences.received(0)).isEqualTo(2);
    }

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void agreesWithASetOfWhatHasCome(long seed) {
        var random = new Random(seed);
        var publishers = 1 + random.nextInt(4);
        var sequences = new Sequences(publishers);
        var seen = new ArrayList<Set<Long>>();
        var highest = new long[publishers];
        for (var publisher = 0; publisher < publishers; publisher++) {
            seen.add(new HashSet<>());
            highest[publisher] = -1;
        }
        for (var count = 0; count < 2_000; count++) {
            var publisher = random.nextInt(publishers);
            var sequence = Math.max(0, highest[publisher] + random.nextInt(8) - 4);
            var expected = expected(seen.get(publisher), highest[publisher], sequence);

            assertThat(sequences.take(publisher, sequence)).isEqualTo(expected);
            highest[publisher] = Math.max(highest[publisher], sequence);
            assertThat(sequences.received(publisher))
                    .isEqualTo(seen.get(publisher).size());
        }
    }

    private static Arrival expected(Set<Long> seen, long highest, long sequence) {
        if (!seen.add(sequence)) {
            return Arrival.REPEATED;
        }
        return sequence > highest ? Arrival.IN_ORDER : Arrival.LATE;
    }

    private static List<Arrival> take(Sequences sequences, int publisher, long... numbers) {
        return LongStream.of(numbers)
                .mapToObj(number -> sequences.take(publisher, number))
                .toList();
    }
}
