package io.meridianmq.cli.load.account;

/**
 * A time without connection of one watcher. All times are milliseconds since the run began.
 *
 * @param heardMillis when something came last on the connection that broke
 * @param fromMillis when it was found broken
 * @param toMillis when the watcher was subscribed again; {@link Long#MAX_VALUE} while it is away
 * @param isSessionKept whether its session was found again: then what was meant for it at QoS 1 and 2 still comes. If not,
 *     its node was lost, or it came to another one that does not have the session
 */
public record Absence(long heardMillis, long fromMillis, long toMillis, boolean isSessionKept) {}
