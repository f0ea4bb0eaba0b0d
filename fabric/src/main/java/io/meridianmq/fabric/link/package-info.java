/**
 * The links of one component: a gRPC stream to each neighbour that carries {@link io.meridianmq.core.link.Frame}s.
 *
 * <p>A link multiplexes and does not interpret. All its protocol state belongs to the component's mesh thread; gRPC's
 * threads only move bytes and hand batches over. What a frame means is the mesh's business.
 */
@NullMarked
package io.meridianmq.fabric.link;

import org.jspecify.annotations.NullMarked;
