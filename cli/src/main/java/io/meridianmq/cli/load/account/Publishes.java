package io.meridianmq.cli.load.account;

/**
 * What became of the messages of one QoS, as their publishers know it.
 *
 * @param notSent not sent, since the device was not connected or had too many waiting
 * @param sent sent at least once
 * @param acknowledged taken over by the broker (PUBACK, or PUBREC at QoS 2)
 * @param refused acknowledged with an error
 * @param unknown given up without an acknowledgement, or without one at the end: the publisher knows that it does not know
 * @param waiting sent, and neither acknowledged nor given up so far
 */
public record Publishes(long notSent, long sent, long acknowledged, long refused, long unknown, long waiting) {}
