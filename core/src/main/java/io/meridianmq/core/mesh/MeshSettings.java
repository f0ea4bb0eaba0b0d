package io.meridianmq.core.mesh;

import io.meridianmq.core.lane.LaneSettings;
import java.time.Duration;

/**
 * Limits and times of a node's or gateway's side of the mesh.
 *
 * @param lane limits of each lane
 * @param laneBytesMax bytes that wait in all lanes of a node together; beyond it QoS 1 and 2 publishes are refused
 * @param outboxBytesMax bytes that wait in a node's lanes to one other zone or region; beyond it publications for that
 *     place alone are dropped and counted
 * @param visibilityCap how long a SUBACK waits for the members of the zone at most
 * @param detourAfter how long a link inside the zone is down before frames go through the zone gateway
 * @param startupCap how long a component waits at start for what its neighbours know
 * @param awayMax how long what a node of the zone wanted is kept, and for it, after it has left; sessions that outlive the
 *     node are waited for so long
 * @param recentMax publications remembered to recognise repetitions
 */
public record MeshSettings(
        LaneSettings lane,
        long laneBytesMax,
        long outboxBytesMax,
        Duration visibilityCap,
        Duration detourAfter,
        Duration startupCap,
        Duration awayMax,
        int recentMax) {

    /** 128 MiB in lanes, 32 MiB to one place outside the zone, SUBACK after 200 ms at the latest, detour after 2 s, start after 10 s, 5 min for a node to come back, 65,536 remembered. */
    public static final MeshSettings DEFAULT = new MeshSettings(
            LaneSettings.DEFAULT,
            128L << 20,
            32L << 20,
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            65_536);

    /** The same with another limit to the wait of SUBACKs. */
    public MeshSettings withVisibilityCap(Duration cap) {
        return new MeshSettings(lane, laneBytesMax, outboxBytesMax, cap, detourAfter, startupCap, awayMax, recentMax);
    }
}
