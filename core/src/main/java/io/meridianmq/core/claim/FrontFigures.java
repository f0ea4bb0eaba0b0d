package io.meridianmq.core.claim;

/**
 * A node's part as front in numbers.
 *
 * @param clients connected, connecting, or with a session that waits
 * @param opening connections that wait for the owner's answer, given-up ones among them
 * @param announcing slots whose owners have not noted yet what is here
 * @param announced slots announced to a new owner, since the start
 * @param refused connections refused since too many were opening, since the start
 * @param unreachable connections ended or refused since the owner was not heard of, since the start
 * @param stale answers of somebody who is not the owner any more, or not yet, since the start
 */
public record FrontFigures(
        int clients, int opening, int announcing, long announced, long refused, long unreachable, long stale) {}
