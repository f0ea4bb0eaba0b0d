package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GatewayMeshTest {

    private static final long CAP_NANOS = MeshSettings.DEFAULT.startupCap().toNanos();
    private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
    private static final Place ZONE = Place.zone("us", "a");
    private static final Place SIBLING = Place.zone("us", "b");
    private static final Place NODE = Place.node("us", "a", "1");

    private final List<Frame> toSibling = new ArrayList<>();
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

    private static MembershipView view(long revision, Place... places) {
        return MembershipView.of(
                revision,
                Stream.of(places).map(place -> new Member(place, 1, "", "", "")).toList());
    }

    private final class Recorder implements Outlet {

        @Override
        public void send(Place neighbour, Frame frame) {
            if (neighbour.equals(SIBLING)) {
                toSibling.add(frame);
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
