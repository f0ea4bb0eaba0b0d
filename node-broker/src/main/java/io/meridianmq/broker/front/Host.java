package io.meridianmq.broker.front;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.session.SessionProxy;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What the connections of one loop share.
 *
 * @param access who is let in
 * @param drain whether clients are asked to go elsewhere
 * @param clock the loop's wall clock, by which messages expire
 * @param nanoClock the loop's, monotonic, by which silence is measured
 * @param outgoing scratch object of the loop
 * @param partial memory for packets that have come in part
 * @param traffic counts what they exchange with clients
 */
public record Host(
        SessionProxy.Here here,
        LoopClaims claims,
        Access access,
        ConnectionMetrics metrics,
        ConnectionSweep sweep,
        Drain drain,
        InstantSource clock,
        LongSupplier nanoClock,
        OutgoingPublish outgoing,
        PartialPackets partial,
        Traffic traffic) {}
