package io.meridianmq.core.mesh;

import io.meridianmq.core.link.LinkReport;

/**
 * What a component last reported of one of its links.
 *
 * @param last as it was then
 * @param sentBytesPerSecond between the last two reports; 0 after the first one
 * @param receivedBytesPerSecond between the last two reports; 0 after the first one
 */
public record LiveLink(LinkReport last, double sentBytesPerSecond, double receivedBytesPerSecond) {}
