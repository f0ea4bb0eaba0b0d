package io.meridianmq.fabric.relay;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.mesh.Mesh;
import io.meridianmq.core.place.Place;
import java.util.function.BiConsumer;

/** Makes the mesh of a component. */
@FunctionalInterface
public interface MeshFactory<M extends Mesh> {

    /**
     * Called once, before anything happens.
     *
     * @param send what the mesh's {@link io.meridianmq.core.mesh.Outlet#send} does: hands a frame to the link to a
     *     neighbour, which drops and counts what it cannot take. For the mesh thread only
     * @param nowNanos reading of the clock that the mesh will be told
     */
    M create(BiConsumer<Place, Frame> send, long nowNanos);
}
