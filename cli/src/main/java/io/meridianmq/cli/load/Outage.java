package io.meridianmq.cli.load;

/**
 * A time in which not all clients of a fleet were connected that had been. Times are milliseconds since the run began.
 *
 * @param fromMillis when the first connection was found broken
 * @param toMillis when everybody was connected and subscribed again; {@link Long#MAX_VALUE} while somebody is not
 * @param connections that broke meanwhile
 */
record Outage(long fromMillis, long toMillis, int connections) {}
