/**
 * Streams: what two nodes of a zone say to each other about clients that are connected at one and have their sessions at the
 * other, in order.
 *
 * <pre>
 *   {@link io.meridianmq.core.stream.PeerStream} of A                                                      {@link io.meridianmq.core.stream.PeerStream} of B
 *   under way = 1 2         Stream 1: first 1, hello x  -----------------------&gt;  begins stream 1, mark 2
 *   acknowledged = 2        &lt;--------------------------  Stream 1: first 1, y, mark 2
 *   waiting = 3 ... 4000    what A has to say exceeds its bound: told that it ended
 *   under way = 1           Stream 2: first 1, hello  -------------------------&gt;  told that it ended, mark 1
 * </pre>
 *
 * <p>Two starts of nodes have one stream at a time, with one number for both directions. In each direction items have
 * positions from 1 without gaps; the receiver takes the next one only, and the source sends again from the mark (go-back-N).
 * So within a stream each item arrives once and in order, whatever happens to frames.
 *
 * <p>A stream breaks if too much is held for the peer, if an item is not acknowledged for too long, or if the peer is no
 * longer listed. Everything held in both directions is dropped with it. Whoever notices tells its own side at once, takes the
 * next number, and says a hello under it until that is acknowledged; whoever hears a higher number than its own takes it
 * over, and tells its own side before anything that comes under it; what comes under a lower one is void. Hence both sides
 * are told, and nothing that was said before one side was told reaches the other side after it was. If both break at once
 * they take the same number, which serves as well.
 *
 * <p>Everything is bounded: what is under way, and what is held. Nothing here has a thread or a clock.
 */
@NullMarked
package io.meridianmq.core.stream;

import org.jspecify.annotations.NullMarked;
