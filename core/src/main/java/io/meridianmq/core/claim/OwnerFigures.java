package io.meridianmq.core.claim;

/**
 * A node's part as owner in numbers.
 *
 * @param slots owned
 * @param claims clients that are connected, or whose sessions wait
 * @param away those whose sessions wait
 * @param willBytes bytes of the wills in them
 * @param behind slots whose copies have not noted everything yet
 * @param evicting earlier connections whose fronts have not answered yet
 * @param willsWaiting due wills that are not published yet
 * @param opens connections granted, since the start
 * @param takeovers those that ended another connection, since the start
 * @param refused opens refused at a limit, since the start
 * @param voids messages about a slot in another state or epoch, since the start
 * @param forged messages with the number or the connection of somebody else, since the start
 * @param adopted connections that only their fronts knew of, since the start
 * @param willsPublished wills published, since the start
 * @param willsDropped wills for which there was no room for a minute, since the start
 */
public record OwnerFigures(
        int slots,
        int claims,
        int away,
        long willBytes,
        int behind,
        int evicting,
        int willsWaiting,
        long opens,
        long takeovers,
        long refused,
        long voids,
        long forged,
        long adopted,
        long willsPublished,
        long willsDropped) {}
