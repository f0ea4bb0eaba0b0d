package io.meridianmq.fabric.relay;

import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.Mesh;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.directory.ZoneEvent;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells meshes what etcd keeps of their zone: its leader and its slot table. */
public final class ZoneFollower {

    private static final Logger log = LoggerFactory.getLogger(ZoneFollower.class);

    private ZoneFollower() {}

    /** From here on the node stands for election in its zone, and its mesh hears everything. */
    public static void follow(EtcdDirectory directory, MeshRunner<NodeMesh> node) {
        var self = node.member().incarnation();
        directory.followZone(
                self.place().inZone(), Optional.of(self), event -> execute(node, () -> tell(node.mesh(), event)));
    }

    /** From here on the zone gateway's mesh hears of slot tables. */
    public static void follow(EtcdDirectory directory, Place zone, MeshRunner<GatewayMesh> gateway) {
        directory.followZone(zone, Optional.empty(), event -> {
            if (event instanceof ZoneEvent.Shared(var table)) {
                execute(gateway, () -> gateway.mesh().onSlots(table, System.nanoTime()));
            }
        });
    }

    private static void tell(NodeMesh mesh, ZoneEvent event) {
        var nowNanos = System.nanoTime();
        switch (event) {
            case ZoneEvent.Led(var leader) -> mesh.onLeader(leader, nowNanos);
            case ZoneEvent.Shared(var table) -> mesh.onSlots(table, nowNanos);
            case ZoneEvent.Reached(var state) -> mesh.onRegister(state, nowNanos);
            case ZoneEvent.Proposed(var written) -> mesh.onProposed(written, nowNanos);
            case ZoneEvent.Confirmed(var question) -> mesh.onSlotsConfirmed(question, nowNanos);
        }
    }

    private static <M extends Mesh> void execute(MeshRunner<M> runner, Runnable task) {
        try {
            runner.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the zone changed after the end of the mesh thread", e);
        }
    }
}
