package io.meridianmq.simulation;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.mesh.GatewayFigures;
import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.mesh.Outlet;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.slot.SlotTable;

/** A zone or region gateway: its mesh, and nothing else. */
final class SimulatedGateway implements Network.Component, Outlet {

    private final Place self;
    private final Schedule schedule;
    private final Network network;
    private final GatewayMesh mesh;

    SimulatedGateway(Place self, long boot, Schedule schedule, Network network) {
        this.self = self;
        this.schedule = schedule;
        this.network = network;
        this.mesh = new GatewayMesh(
                self,
                boot,
                AddressRules.of(AddressRules.DEFAULT_TEMPLATES),
                MeshSettings.DEFAULT,
                this,
                schedule.nowNanos());
    }

    void onView(MembershipView view) {
        mesh.onView(view, schedule.nowNanos());
        flush();
    }

    void onSlots(SlotTable slots) {
        mesh.onSlots(slots, schedule.nowNanos());
        flush();
    }

    void flush() {
        mesh.flush(schedule.nowNanos());
    }

    GatewayFigures figures() {
        return mesh.figures();
    }

    @Override
    public void onLinkUp(Place neighbour) {
        mesh.onLinkUp(neighbour, schedule.nowNanos());
        flush();
    }

    @Override
    public void onLinkDown(Place neighbour) {
        mesh.onLinkDown(neighbour, schedule.nowNanos());
        flush();
    }

    @Override
    public void onFrame(Place from, Frame frame) {
        mesh.onFrame(from, frame, schedule.nowNanos());
        flush();
    }

    @Override
    public void send(Place neighbour, Frame frame) {
        if (network.isUp(self, neighbour)) {
            network.send(self, neighbour, frame);
        }
    }

    @Override
    public void asked(Frame.Request request) {
        throw new IllegalStateException("a gateway answers by itself: " + request);
    }

    @Override
    public void answered(Frame.Response response) {
        throw new IllegalStateException("a gateway asks nothing: " + response);
    }

    @Override
    public void reported(Frame.Report report) {
        // Reports are soft state for operators; the simulation has none.
    }
}
