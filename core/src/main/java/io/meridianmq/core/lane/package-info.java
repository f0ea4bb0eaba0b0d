/**
 * Lanes: ordered, densely numbered, acknowledged streams of QoS 1 and 2 publications from one node to one destination.
 *
 * <pre>
 *   LaneSender                       any path, any loss, any delay                     LaneReceivers
 *   kept      = 4                    LaneData floor 4, number 5 ------------------->   mark 4: takes 5, mark 5
 *   in flight = 5 6 7                LaneData floor 4, number 7 ------------------->   not the next one: gap
 *   queued    = 8 9                  <--------- LaneAck mark 5, settled 4, gap         sends 6 7 8 9 again, forgets 4
 * </pre>
 *
 * <p>A publication keeps its number for the life of the source's boot. The receiver takes the next number only, so
 * nothing is taken twice or out of order by one receiver; the source sends again from the mark (go-back-N), so nothing
 * is lost. The receiver says as well which numbers are settled: accepted by everybody it passed them on to. Until then the
 * source keeps them, so that they survive the receiver.
 *
 * <p>Every frame carries the floor, the lowest number that the source holds. A receiver that has no state for the lane,
 * because it restarted or because the slot that the lane leads to has another owner, begins at the floor, and so gets all that
 * is not settled; one that got the lane back after another had it skips to the floor. Hence whatever is settled stays
 * settled, whenever and from whomever the source hears it; of what is merely accepted, only the receiver that has the lane
 * now can speak, and an acknowledgement that comes late from an earlier one is corrected by its next.
 *
 * <p>What a receiver has to write down counts as accepted when that is done: a frame is taken, and its number stays above
 * the mark until it is {@linkplain io.meridianmq.core.lane.LaneReceivers#onKept kept}. One that cannot be kept stays with its
 * source, which sends it again; nothing new is taken before it.
 *
 * <p>What the protocol cannot exclude: a publication that one receiver accepted and did not settle is accepted again by the
 * next. Whoever delivers it recognises it by its identity.
 *
 * <p>Nothing here is thread-safe: one thread owns all lanes of a component.
 */
@NullMarked
package io.meridianmq.core.lane;

import org.jspecify.annotations.NullMarked;
