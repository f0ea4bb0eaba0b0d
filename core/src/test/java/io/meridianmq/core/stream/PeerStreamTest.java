package io.meridianmq.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.CanonicalBytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerStreamTest {

    private static final long MS = 1_000_000;
    private static final int KB = 1 << 10;

    private final Side a = new Side("a");
    private final Side b = new Side("b");
    private long nowNanos;

    /** One end, with what it sent and what it was told. */
    private static final class Side implements StreamOutlet {
        final List<SlotMessage.Stream> sent = new ArrayList<>();
        final List<String> told = new ArrayList<>();
        final PeerStream stream;

        Side(String name) {
            var peer = new Incarnation(Place.node("us", "a", "peer-of-" + name), 1);
            stream = new PeerStream(peer, StreamSettings.DEFAULT, this, sent::add);
        }

        @Override
        public void arrived(Incarnation peer, StreamItem item) {
            told.add(item.connection() + "");
        }

        @Override
        public void streamEnded(Incarnation peer) {
            told.add("ended");
        }

        List<SlotMessage.Stream> takeSent() {
            var taken = List.copyOf(sent);
            sent.clear();
            return taken;
        }
    }

    @Test
    void saysWhatHasGatheredInOneFrameAndTakesTheAnswerAsAcknowledgement() {
        say(a, 1, 2, 3);
        exchange();
        assertThat(b.told).containsExactly("1", "2", "3");

        say(b, 7);
        b.stream.flush(nowNanos);
        var answer = b.takeSent();
        assertThat(answer).singleElement().satisfies(part -> {
            assertThat(part.stream()).isEqualTo(1);
            assertThat(part.first()).isEqualTo(1);
            assertThat(part.mark()).as("with the hello").isEqualTo(4);
        });
        deliver(answer, a);
        assertThat(a.told).containsExactly("7");
        assertThat(a.stream.figures().heldBytes()).isZero();
    }

    @Test
    void acknowledgesByItselfWhenNothingElseGoesForAWhile() {
        say(a, 1);
        exchange();
        b.stream.flush(nowNanos + 3 * MS);
        assertThat(b.sent).isEmpty();
        b.stream.flush(nowNanos + 4 * MS);
        assertThat(b.sent).singleElement().satisfies(part -> {
            assertThat(part.items()).isEmpty();
            assertThat(part.mark()).isEqualTo(2);
        });
        deliver(b.takeSent(), a);
        a.stream.flush(nowNanos + 100 * MS);
        assertThat(a.sent).as("an acknowledgement is not acknowledged").isEmpty();
    }

    @Test
    void sendsAgainFromTheMarkOnWhenSomethingWasLost() {
        say(a, 1);
        exchange();
        say(a, 2);
        a.stream.flush(nowNanos);
        a.takeSent(); // Lost.
        say(a, 3);
        exchange();
        assertThat(b.told).containsExactly("1");

        nowNanos += 500 * MS;
        exchange();
        assertThat(b.told).containsExactly("1", "2", "3");
        assertThat(a.stream.figures().resent()).isPositive();
    }

    @Test
    void keepsAtMostTheWindowUnderWayInPartsOfBoundedSize() {
        for (var count = 0; count < 2_000; count++) {
            a.stream.send(item(count, KB), nowNanos);
        }
        a.stream.flush(nowNanos);
        assertThat(bytes(a.sent)).isBetween((1L << 20) - 2 * KB, 1L << 20);
        assertThat(a.sent)
                .allSatisfy(part -> assertThat(bytes(List.of(part))).isLessThanOrEqualTo(256 * KB))
                .hasSizeBetween(4, 5);
        while (b.told.size() < 2_000) {
            exchange();
            nowNanos += 5 * MS;
        }
        assertThat(a.stream.figures().resent()).as("the window moves by itself").isZero();
    }

    @Test
    void anItemLargerThanTheWindowGoesAlone() {
        a.stream.send(item(1, 10), nowNanos);
        a.stream.send(item(2, 2 << 20), nowNanos);
        a.stream.send(item(3, 10), nowNanos);
        for (var round = 0; round < 5; round++) {
            exchange();
            nowNanos += 5 * MS;
        }
        assertThat(b.told).containsExactly("1", "2", "3");
    }

    @Test
    void breaksWhenTooMuchIsHeldAndTellsBothSidesOnce() {
        say(a, 1);
        exchange();
        for (var count = 0; count < 18; count++) {
            a.stream.send(item(count, KB * KB), nowNanos);
        }
        assertThat(a.stream.figures().heldBytes()).isZero();
        assertThat(a.told).as("not within send").isEmpty();
        a.stream.flush(nowNanos);
        assertThat(a.told).containsExactly("ended");

        say(a, 5);
        exchange();
        exchange();
        assertThat(a.told).containsExactly("ended");
        assertThat(b.told).containsExactly("1", "ended", "5");
    }

    @Test
    void breaksWhenAnItemIsNotAcknowledgedForTooLong() {
        say(a, 1);
        for (var millis = 0; millis < 10_000; millis += 10) {
            a.stream.flush(nowNanos + millis * MS);
        }
        assertThat(a.told).isEmpty();
        assertThat(a.sent)
                .hasSizeLessThan(10)
                .allSatisfy(part -> assertThat(part.first()).isEqualTo(1));
        a.stream.flush(nowNanos + 10_000 * MS);
        assertThat(a.told).containsExactly("ended");
    }

    @Test
    void aHelloWaitsForeverAndBreaksNothing() {
        a.stream.resume(4, nowNanos);
        for (var seconds = 0; seconds < 100; seconds++) {
            a.stream.flush(nowNanos + 1_000 * MS * seconds);
        }
        assertThat(a.told).isEmpty();
        deliver(a.takeSent(), b);
        nowNanos += 101_000 * MS;
        say(b, 9);
        b.stream.flush(nowNanos);
        assertThat(b.sent)
                .singleElement()
                .satisfies(part -> assertThat(part.stream()).isEqualTo(5));
    }

    @Test
    void whatWasSaidBeforeTheOtherSideWasToldIsVoid() {
        say(a, 1);
        say(b, 2);
        exchange();
        say(b, 3);
        b.stream.flush(nowNanos);
        var late = b.takeSent();
        overflow(a);
        a.stream.flush(nowNanos);
        deliver(late, a);
        assertThat(a.told).containsExactly("2", "ended");

        exchange();
        assertThat(b.told).containsExactly("1", "ended");
        say(b, 4);
        exchange();
        assertThat(a.told).containsExactly("2", "ended", "4");
    }

    @Test
    void bothMayBreakAtOnce() {
        say(a, 1);
        exchange();
        overflow(a);
        overflow(b);
        exchange();
        exchange();
        assertThat(a.told).containsExactly("ended");
        assertThat(b.told).containsExactly("1", "ended");
        say(a, 2);
        say(b, 3);
        exchange();
        exchange();
        assertThat(b.told).containsExactly("1", "ended", "2");
        assertThat(a.told).containsExactly("ended", "3");
    }

    @Test
    void whoIsBehindLearnsItByTheAnswer() {
        a.stream.resume(6, nowNanos);
        a.stream.flush(nowNanos);
        a.takeSent(); // Lost.
        say(b, 1);
        b.stream.flush(nowNanos);
        deliver(b.takeSent(), a);
        a.stream.flush(nowNanos);
        deliver(a.takeSent(), b);
        assertThat(b.told).containsExactly("ended");
    }

    @Test
    void anImpossibleMarkBreaksTheStream() {
        say(a, 1);
        a.stream.flush(nowNanos);
        a.stream.onPart(new SlotMessage.Stream(1, 1, 1, List.of(), 77), nowNanos);
        a.stream.flush(nowNanos);
        assertThat(a.told).containsExactly("ended");
    }

    @Test
    void repeatedPartsAreAcknowledgedAndNotHandedOut() {
        say(a, 1, 2);
        a.stream.flush(nowNanos);
        var part = a.takeSent();
        deliver(part, b);
        deliver(part, b);
        assertThat(b.told).containsExactly("1", "2");
        b.stream.flush(nowNanos);
        assertThat(b.sent).hasSize(1);
    }

    private void say(Side side, long... connections) {
        for (var connection : connections) {
            side.stream.send(item(connection, 100), nowNanos);
        }
    }

    private void overflow(Side side) {
        for (var count = 0; count < 17; count++) {
            side.stream.send(item(count, KB * KB), nowNanos);
        }
    }

    private void exchange() {
        a.stream.flush(nowNanos);
        b.stream.flush(nowNanos);
        deliver(a.takeSent(), b);
        deliver(b.takeSent(), a);
    }

    private void deliver(List<SlotMessage.Stream> parts, Side to) {
        parts.forEach(part -> to.stream.onPart(part, nowNanos));
    }

    private static StreamItem item(long connection, int bytes) {
        return new StreamItem(connection, CanonicalBytes.wrap(new byte[bytes]));
    }

    private static long bytes(List<SlotMessage.Stream> parts) {
        return parts.stream()
                .flatMap(part -> part.items().stream())
                .mapToLong(StreamItem::sizeBytes)
                .sum();
    }
}
