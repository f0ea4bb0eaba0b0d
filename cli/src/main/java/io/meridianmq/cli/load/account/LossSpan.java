package io.meridianmq.cli.load.account;

/**
 * Some messages that were lost.
 *
 * @param fromMillis when the first of them was sent, since the run began
 * @param toMillis when the last of them was sent
 */
public record LossSpan(long fromMillis, long toMillis, long count) {}
