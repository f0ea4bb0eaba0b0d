package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.stream.StreamOutlet;
import io.meridianmq.core.stream.StreamSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeStreamsTest {

    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "self"), 10);
    private static final Incarnation PEER = new Incarnation(Place.node("us", "a", "peer"), 20);
    private static final Incarnation LATER = new Incarnation(PEER.place(), 21);
    private static final StreamItem ITEM = new StreamItem(1, CanonicalBytes.wrap(new byte[] {7}));

    private final List<String> told = new ArrayList<>();
    private final List<SlotMessage.Stream> sent = new ArrayList<>();
    private final NodeStreams streams = new NodeStreams(
            SELF,
            StreamSettings.DEFAULT,
            new StreamOutlet() {
                @Override
                public void arrived(Incarnation peer, StreamItem item) {
                    told.add(peer + " says " + item.connection());
                }

                @Override
                public void streamEnded(Incarnation peer) {
                    told.add(peer + " ended");
                }
            },
            (to, message) -> sent.add((SlotMessage.Stream) message),
            0);
    private long revision;

    @Test
    void toldWithTheNextFlushThatAPeerIsNotListed() {
        streams.send(PEER, ITEM);
        streams.send(PEER, ITEM);
        assertThat(told).isEmpty();
        streams.flush(0);
        assertThat(told).containsExactly(PEER + " ended");
        assertThat(sent).isEmpty();
    }

    @Test
    void toldBeforeAPeerThatWasNotListedCanBeHeard() {
        streams.send(PEER, ITEM);
        view(PEER);
        streams.onPart(PEER, part(SELF.boot(), 1), 0);
        assertThat(told).containsExactly(PEER + " ended", PEER + " says 1");
    }

    @Test
    void toldWhenAPeerIsListedNoMore() {
        view(PEER);
        streams.send(PEER, ITEM);
        streams.flush(0);
        view();
        assertThat(told).containsExactly(PEER + " ended");
        assertThat(streams.figures().streams()).isZero();
        assertThat(streams.figures().heldBytes()).isZero();
        assertThat(streams.figures().sent()).as("with the hello").isEqualTo(2);
    }

    @Test
    void aPeerThatReturnsIsToldAndOneThatStartsAgainNeedNotBe() {
        view(PEER);
        streams.send(PEER, ITEM);
        view();
        view(PEER);
        streams.flush(0);
        assertThat(sent).singleElement().satisfies(part -> {
            assertThat(part.stream()).isEqualTo(2);
            assertThat(part.items()).containsExactly(StreamItem.HELLO);
        });

        sent.clear();
        view(LATER);
        streams.flush(0);
        assertThat(sent).isEmpty();
        assertThat(told).containsExactly(PEER + " ended", PEER + " ended");
        streams.send(LATER, ITEM);
        streams.flush(0);
        assertThat(sent)
                .singleElement()
                .satisfies(part -> assertThat(part.stream()).isEqualTo(1));
    }

    @Test
    void ignoresWhatIsForAnotherStartOrFromOneThatIsNotListed() {
        view(LATER);
        streams.onPart(PEER, part(SELF.boot(), 1), 0);
        streams.onPart(LATER, part(SELF.boot() - 1, 1), 0);
        streams.flush(100_000_000);
        assertThat(told).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(streams.figures().ignored()).isEqualTo(2);
        streams.onPart(LATER, part(SELF.boot(), 1), 0);
        assertThat(told).containsExactly(LATER + " says 1");
    }

    @Test
    void refusesToTalkToItselfAndToSayNothing() {
        assertThatThrownBy(() -> streams.send(SELF, ITEM)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> streams.send(PEER, StreamItem.HELLO)).isInstanceOf(IllegalArgumentException.class);
    }

    private void view(Incarnation... listed) {
        revision++;
        var members = Arrays.stream(listed)
                .map(start -> new Member(start.place(), start.boot(), "", "", ""))
                .toList();
        streams.onView(MembershipView.of(revision, members), 0);
    }

    private static SlotMessage.Stream part(long destinationBoot, long stream) {
        return new SlotMessage.Stream(destinationBoot, stream, 1, List.of(ITEM), 0);
    }
}
