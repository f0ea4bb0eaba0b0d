/**
 * A whole platform in one thread, from a seed: the meshes of every node and gateway, joined by a network that delays, loses
 * and cuts. What runs here is what runs in production; only the shells around it differ.
 */
@NullMarked
package io.meridianmq.simulation;

import org.jspecify.annotations.NullMarked;
