/**
 * What one component of the platform does with what its neighbours send: links, interest, digests, lanes and routing
 * composed, still without threads, sockets and clocks. Production and the simulation drive exactly these classes.
 */
@NullMarked
package io.meridianmq.core.mesh;

import org.jspecify.annotations.NullMarked;
