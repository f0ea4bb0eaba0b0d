package io.meridianmq.core.mesh;

/**
 * A gateway's mesh in numbers, for metrics and reports; counters count since the start.
 *
 * @param literals literal filters wanted below
 * @param digests places whose digest is held
 * @param links links that are up
 * @param forwarded frames passed on
 * @param falsePositives publications that came because of a digest or an address, with nobody here who wants them
 * @param backwards frames that would have gone back to where they came from, dropped
 * @param unreachable frames without a way on, dropped
 * @param tooFar frames over the hop limit, dropped
 * @param settingsVersion of the platform's settings that are handed down; 0 for none
 * @param slotTableVersion of the slot table of the zone
 */
public record GatewayFigures(
        int literals,
        int digests,
        int links,
        long forwarded,
        long falsePositives,
        long backwards,
        long unreachable,
        long tooFar,
        long settingsVersion,
        long slotTableVersion) {}
