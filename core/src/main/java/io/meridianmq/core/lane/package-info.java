/**
 * Lanes: ordered, densely numbered, acknowledged streams of QoS 1 and 2 publications from one node to one destination.
 *
 * <pre>
 *   LaneSender                       any path, any loss, any delay                     LaneReceivers
 *   acknowledged = 4                 LaneData floor 5, number 5 ------------------->   mark 4: takes 5, mark 5
 *   in flight    = 5 6 7             LaneData floor 5, number 7 ------------------->   not the next one: gap
 *   queued       = 8 9               <------------------- LaneAck mark 5, gap          sends 6 7 8 9 again
 * </pre>
 *
 * <p>A publication keeps its number for the life of the source's boot. The receiver takes the next number only, so
 * nothing is taken twice or out of order by one receiver; the source sends again from the mark (go-back-N), so nothing
 * is lost. Every frame carries the floor, the lowest number that the source still waits for. A receiver that has no state
 * for the lane, because it restarted or because the landing node of a zone changed, begins at the floor; one that got
 * the lane back after another node had it skips to the floor, since the other accepted what is below. Hence every
 * acknowledgement is true whenever it arrives, and the source takes the highest mark from whomever it comes.
 *
 * <p>What the protocol cannot exclude: a publication that one receiver accepted without its acknowledgement getting
 * through is sent again, and another receiver, or the same one after losing its state, accepts it a second time.
 *
 * <p>Nothing here is thread-safe: one thread owns all lanes of a component.
 */
@NullMarked
package io.meridianmq.core.lane;

import org.jspecify.annotations.NullMarked;
