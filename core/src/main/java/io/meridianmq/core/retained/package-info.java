/**
 * Retained messages on a platform of many nodes: where they live, how they get there, and how they are found.
 *
 * <pre>
 *   publisher's node        owner of the topic's slot, in its home zone          owners in the other regions
 *   PublishedPuts   ----&gt;   SlotKeeper: its own disk and that of each copy
 *                   &lt;----   kept
 *                           RetainedOutbox, for topics that live everywhere ----&gt; SlotKeeper there
 *
 *   whatever was missed, since somebody failed:
 *                           SlotUpkeep: fills new copies, hands over what lies in the wrong place, compares slots with
 *                           other regions, each by walking over a slot (SlotWalk)
 *
 *   subscriber's node       nodes of its zone; gateways of other zones and regions, which ask on
 *   RetainedLookups ----&gt;   Gathering ----&gt; Gathering
 * </pre>
 *
 * <p>One rule carries all of it: of each topic the newest version wins, wherever two meet. So putting twice, late or in
 * another order does no harm, no two nodes have to agree on who may write, and whoever finds that it has what others may
 * lack gives it to them.
 *
 * <p>Nothing here is thread-safe unless it says so: one thread owns all of a component's.
 */
@NullMarked
package io.meridianmq.core.retained;

import org.jspecify.annotations.NullMarked;
