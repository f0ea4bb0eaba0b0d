package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedMemory;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeMeshTest {

    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "1"), 10);
    private static final Incarnation OWNER = new Incarnation(Place.node("us", "a", "2"), 20);
    private static final Incarnation GATEWAY = new Incarnation(Place.zone("us", "a"), 1);

    private final RecordedNode node = new RecordedNode();
    private final NodeMesh mesh = new NodeMesh(
            SELF.place(),
            SELF.boot(),
            AddressRules.of(AddressRules.DEFAULT_TEMPLATES),
            MeshSettings.DEFAULT,
            node,
            new RetainedMemory(_ -> false),
            0);

    /** Lanes to slots have the zone as their destination, which is the gateway's place too. */
    @Test
    void whatWaitsForTheOwnerOfASlotOutlivesTheGatewayOfTheZone() {
        mesh.onView(RecordedNode.view(SELF, OWNER, GATEWAY), 0);
        mesh.onLinkUp(OWNER.place(), 0);
        mesh.onLinkUp(GATEWAY.place(), 0);
        mesh.onSlots(SlotTable.ofOne(OWNER), 0);
        mesh.open(0);
        var publication = RecordedNode.publication(1, Qos.AT_LEAST_ONCE);
        assertThat(SlotHash.ofPublisher(publication.publisherHash())).isZero();
        mesh.publish(
                publication, new Destinations(List.of(), List.of(Place.zone("us", "b")), List.of(), List.of()), 7, 1);
        assertThat(node.sentTo(OWNER.place(), Frame.LaneData.class)).hasSize(1);

        mesh.onView(RecordedNode.view(SELF, OWNER), 2);
        mesh.flush(2);
        assertThat(node.accepted).isEmpty();
        assertThat(mesh.figures().laneFrames()).isEqualTo(1);
        assertThat(mesh.figures().laneGone()).isZero();
    }
}
