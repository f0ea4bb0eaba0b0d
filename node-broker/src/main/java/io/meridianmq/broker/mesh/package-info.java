/** This node among others: what its loops ask of the mesh, and what the mesh brings them. */
@NullMarked
package io.meridianmq.broker.mesh;

import org.jspecify.annotations.NullMarked;
