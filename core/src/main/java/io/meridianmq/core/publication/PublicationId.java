package io.meridianmq.core.publication;

/**
 * Identifies one publication on the whole platform; it never changes, whatever path the publication takes.
 *
 * @param origin hash of the place of the node that took the message from its publisher
 * @param boot the origin's boot number
 * @param number the origin's number for this publication within that boot
 */
public record PublicationId(long origin, long boot, long number) {}
