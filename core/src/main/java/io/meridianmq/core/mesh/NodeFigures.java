package io.meridianmq.core.mesh;

import io.meridianmq.core.retained.RetainedFigures;
import io.meridianmq.core.stream.StreamFigures;

/**
 * A node's mesh in numbers, for metrics and reports.
 *
 * @param ownFilters entries of this node's interest
 * @param remoteLiterals literal filters that other nodes of the zone want
 * @param digests places whose digest is held
 * @param links links that are up
 * @param laneFrames publications that wait in lanes, once for each lane
 * @param laneBytes their bytes
 * @param laneResends frames sent more than once, since the start
 * @param laneGone publications whose destination ended before it accepted them, since the start
 * @param laneUnkept publications that lanes brought and sessions here have not kept yet
 * @param visibilityCapped SUBACKs sent before everybody knew, since the start
 * @param repeated QoS 1 and 2 publications that came again by another way and were recognised, since the start
 * @param misrouted frames for somebody else, since the start
 * @param outboxDropped publications not sent to another zone or region, since too much waited for it, since the start
 * @param settingsVersion of the platform's settings that are followed; 0 for none
 * @param retained retained messages
 * @param streams streams to other nodes of the zone
 */
public record NodeFigures(
        int ownFilters,
        int remoteLiterals,
        int digests,
        int links,
        long laneFrames,
        long laneBytes,
        long laneResends,
        long laneGone,
        int laneUnkept,
        long visibilityCapped,
        long repeated,
        long misrouted,
        long outboxDropped,
        long settingsVersion,
        RetainedFigures retained,
        StreamFigures streams) {}
