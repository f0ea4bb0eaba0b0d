/**
 * The program global-control: one for the whole platform.
 *
 * <p>{@link io.meridianmq.core.mesh.ControlMesh} knows the components and asks them; {@link io.meridianmq.control.Platform}
 * opens that to any thread; {@link io.meridianmq.control.AdminService} serves it over gRPC.
 */
@NullMarked
package io.meridianmq.control;

import org.jspecify.annotations.NullMarked;
