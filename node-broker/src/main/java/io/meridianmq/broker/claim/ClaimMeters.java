package io.meridianmq.broker.claim;

import io.meridianmq.core.mesh.ClaimFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The claims of this node in meters. Written by their thread, read by any. */
public final class ClaimMeters {

    private static final Logger log = LoggerFactory.getLogger(ClaimMeters.class);

    private final MeterRegistry registry;
    private final Set<IgnoredClaims> logged = EnumSet.noneOf(IgnoredClaims.class);
    private volatile ClaimFigures figures = ClaimFigures.NOTHING_YET;

    public ClaimMeters(MeterRegistry registry) {
        this.registry = registry;
        gauge(
                "meridian_claims_held",
                "Clients that are connected in the zone, or whose sessions wait, of the slots of this node",
                now -> now.owner().claims());
        gauge(
                "meridian_claims_away",
                "Those whose sessions wait",
                now -> now.owner().away());
        gauge("meridian_claims_copied", "Claims in copies of others' slots", ClaimFigures::copiedClaims);
        gauge(
                "meridian_claims_behind",
                "Slots of this node whose copies have not noted everything yet",
                now -> now.owner().behind());
        gauge(
                "meridian_claims_evicting",
                "Connections that were overtaken and whose nodes have not confirmed it yet",
                now -> now.owner().evicting());
        gauge(
                "meridian_claims_will_bytes",
                "Bytes of wills kept",
                now -> now.owner().willBytes());
        gauge(
                "meridian_wills_waiting",
                "Wills that are due and not published yet",
                now -> now.owner().willsWaiting());
        gauge(
                "meridian_opens_waiting",
                "Clients of this node that wait for their slots' owners",
                now -> now.front().opening());
        counter(
                "meridian_opens",
                "Connections granted as owner of their slots",
                now -> now.owner().opens());
        counter(
                "meridian_opens_takeovers",
                "Those that ended another connection",
                now -> now.owner().takeovers());
        counter(
                "meridian_slots_announced",
                "Slots whose clients were announced to a new owner",
                now -> now.front().announced());
        counter(
                "meridian_claims_adopted",
                "Connections that only their nodes knew of",
                now -> now.owner().adopted());
        counter(
                "mqtt_wills_published",
                "Will messages published",
                now -> now.owner().willsPublished());
        counter(
                "meridian_wills_dropped",
                "Wills for which there was no room for a minute",
                now -> now.owner().willsDropped());
        refused("opening", now -> now.front().refused());
        refused("limit", now -> now.owner().refused());
        refused("unreachable", now -> now.front().unreachable());
        for (var cause : IgnoredClaims.values()) {
            ignored(cause);
        }
    }

    /** Takes over new figures; the first time that something was ignored for a cause is logged. */
    public void update(ClaimFigures newer) {
        figures = newer;
        for (var cause : IgnoredClaims.values()) {
            var count = cause.count(newer);
            if (count > 0 && logged.add(cause)) {
                var line = cause == IgnoredClaims.FORGED ? log.atWarn() : log.atInfo();
                line.log(
                        "ignored {} message(s) about claims, {}; not said again, meridian_claims_ignored_total"
                                + "{cause=\"{}\"} counts on",
                        count,
                        cause.explanation(),
                        label(cause));
            }
        }
    }

    private static String label(IgnoredClaims cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    private void gauge(String name, String description, ToDoubleFunction<ClaimFigures> value) {
        Gauge.builder(name, this, meters -> value.applyAsDouble(meters.figures))
                .description(description)
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<ClaimFigures> value) {
        FunctionCounter.builder(name, this, meters -> value.applyAsDouble(meters.figures))
                .description(description)
                .register(registry);
    }

    private void refused(String cause, ToDoubleFunction<ClaimFigures> value) {
        FunctionCounter.builder("meridian_opens_refused", this, meters -> value.applyAsDouble(meters.figures))
                .description(
                        "Connections refused or ended: too many were opening, a limit of the owner, an owner that was"
                                + " not heard of")
                .tag("cause", cause)
                .register(registry);
    }

    private void ignored(IgnoredClaims cause) {
        FunctionCounter.builder("meridian_claims_ignored", this, meters -> cause.count(meters.figures))
                .description(
                        "Messages about claims not taken: of another state or epoch, with somebody else's connection,"
                                + " from who is not the owner, about a copy")
                .tag("cause", label(cause))
                .register(registry);
    }
}
