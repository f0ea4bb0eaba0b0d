package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GatewayMeshTest {

    private static final long CAP_NANOS = MeshSettings.DEFAULT.startupCap().toNanos();
    private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
    private static final Place ZONE = Place.zone("us", "a");
    private static final Place SIBLING = Place.zone("us", "b");
    private static final Place NODE = Place.node("us", "a", "1");

    private final List<Frame> toSibling = new ArrayList<>();

    /** To whom frames of lanes went, and where their lanes begin. */
    private final List<Map.Entry<Place, Place>> laneData = new ArrayList<>();

    private final GatewayMesh mesh = new GatewayMesh(
            ZONE, 1, AddressRules.of(AddressRules.DEFAULT_TEMPLATES), MeshSettings.DEFAULT, new Recorder(), 0);

    @Test
    void aGatewayThatSeesNobodyIsNotReadyHoweverLongItWaits() {
        mesh.flush(HOUR_NANOS);
        assertThat(mesh.isReady(HOUR_NANOS)).isFalse();
    }

    @Test
    void theWaitForWhatIsBelowBeginsWithTheFirstView() {
        mesh.onView(view(1, ZONE, SIBLING, NODE), HOUR_NANOS);
        mesh.onLinkUp(SIBLING, HOUR_NANOS);
        mesh.onView(view(2, ZONE, SIBLING, NODE), HOUR_NANOS + CAP_NANOS / 2);

        mesh.flush(HOUR_NANOS + CAP_NANOS - 1);
        assertThat(mesh.isReady(HOUR_NANOS + CAP_NANOS - 1)).isFalse();
        assertThat(toSibling).as("told before it knows").isEmpty();

        mesh.flush(HOUR_NANOS + CAP_NANOS);
        assertThat(mesh.isReady(HOUR_NANOS + CAP_NANOS)).isTrue();
        assertThat(toSibling).hasAtLeastOneElementOfType(Frame.DigestFrame.class);
    }

    @Test
    void aGatewayWithNobodyBelowIsReadyAtOnce() {
        mesh.onView(view(1, ZONE, SIBLING), 1);
        assertThat(mesh.isReady(1)).isTrue();
    }

    @Test
    void passesWhatAnOwnerSendsToItsSlotOnToTheStandbyAndWhatOthersSendToTheOwner() {
        var standby = Place.node("us", "a", "2");
        var other = Place.node("us", "a", "3");
        mesh.onView(view(1, ZONE, NODE, standby, other), 1);
        Stream.of(NODE, standby, other).forEach(node -> mesh.onLinkUp(node, 1));
        var slot = new Slot(
                Optional.of(new Incarnation(NODE, 1)), Optional.of(new Incarnation(standby, 1)), Optional.empty(), 1);
        mesh.onSlots(new SlotTable(1, Collections.nCopies(SlotHash.COUNT, slot)), 1);

        mesh.onFrame(NODE, laneData(NODE), 2);
        mesh.onFrame(other, laneData(other), 2);

        assertThat(laneData).containsExactly(Map.entry(standby, NODE), Map.entry(NODE, other));
    }

    private static Frame.LaneData laneData(Place source) {
        var publication = new Publication(
                new PublicationId(1, 1, 1),
                HybridClock.ofMillis(1),
                1,
                "t",
                Qos.AT_LEAST_ONCE,
                false,
                Publication.NEVER,
                new NoBytes());
        return new Frame.LaneData(new LaneKey(source, 1, ZONE, 7), 1, 1, publication, Waybill.NONE, 0);
    }

    private static MembershipView view(long revision, Place... places) {
        return MembershipView.of(
                revision,
                Stream.of(places).map(place -> new Member(place, 1, "", "", "")).toList());
    }

    private record NoBytes() implements PublicationBytes {
        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public NoBytes share() {
            return this;
        }

        @Override
        public void release() {
            // Nothing is counted.
        }
    }

    private final class Recorder implements Outlet {

        @Override
        public void send(Place neighbour, Frame frame) {
            if (neighbour.equals(SIBLING)) {
                toSibling.add(frame);
            }
            if (frame instanceof Frame.LaneData data) {
                laneData.add(Map.entry(neighbour, data.lane().source()));
            }
        }

        @Override
        public void asked(Frame.Request request) {
            throw new AssertionError("nobody asks: " + request);
        }

        @Override
        public void answered(Frame.Response response) {
            throw new AssertionError("nobody asks: " + response);
        }

        @Override
        public void reported(Frame.Report report) {
            throw new AssertionError("nobody reports: " + report);
        }
    }
}
