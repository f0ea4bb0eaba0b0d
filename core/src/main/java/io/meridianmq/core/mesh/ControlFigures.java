package io.meridianmq.core.mesh;

/**
 * global-control's mesh in numbers, for metrics; counters count since the start.
 *
 * @param links links to region gateways that are up
 * @param reporting components with a report that counts
 * @param questions questions that wait for their answer
 * @param reportsStale reports of an earlier start of a component, not taken
 * @param reportsRefused reports over a bound or from a gateway that is not above the component, not taken
 * @param unanswered questions given up
 * @param lateAnswers answers to questions that were given up or never asked
 * @param misrouted frames that have no business here
 */
public record ControlFigures(
        int links,
        int reporting,
        int questions,
        long reportsStale,
        long reportsRefused,
        long unanswered,
        long lateAnswers,
        long misrouted) {}
