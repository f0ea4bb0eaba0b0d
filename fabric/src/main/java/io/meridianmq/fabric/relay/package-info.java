/**
 * What drives a {@link io.meridianmq.core.mesh.Mesh} in a process, and the process that both kinds of gateway are.
 *
 * <p>{@link io.meridianmq.fabric.relay.MeshRunner} connects a mesh with the directory, the links and the clock; node brokers
 * use it, too. {@link io.meridianmq.fabric.relay.GatewayProcess} composes a gateway around it.
 */
@NullMarked
package io.meridianmq.fabric.relay;

import org.jspecify.annotations.NullMarked;
