package io.meridianmq.cli.load;

import io.meridianmq.cli.load.account.Deliveries;
import io.meridianmq.cli.load.account.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A moment of a fleet in words. */
final class FiguresText {

    private static final int SECONDS_PER_MINUTE = 60;
    private static final long MILLIS_PER_SECOND = 1_000;

    private FiguresText() {}

    /** Several lines for a terminal. */
    static List<String> block(FleetSettings settings, Figures figures) {
        var lines = new ArrayList<String>();
        lines.add("%s  %s  %,d devices, %s messages/s (%s)"
                .formatted(
                        time(figures.publishedMillis()),
                        figures.phase(),
                        settings.devices(),
                        number(settings.rate()),
                        settings.mix()));
        lines.add("devices    %,d connected, %,d reconnecting, %,d connections lost so far%s"
                .formatted(
                        figures.connected(),
                        figures.reconnecting(),
                        figures.connectionsLost(),
                        figures.lastTrouble()
                                .map(trouble -> " (last: " + trouble + ")")
                                .orElse("")));
        lines.add("published  %s/s, acknowledged %s/s"
                .formatted(number(figures.publishedPerSecond()), number(figures.acknowledgedPerSecond())));
        lines.add("received   " + received(figures));
        lines.add("latency    in region      " + spread(figures.inRegion()));
        if (settings.endpoints().size() > 1) {
            lines.add("           across regions " + spread(figures.acrossRegions()));
        }
        lines.add("commands   %,d sent, %,d answered, %,d unanswered, %,d lost; round trip %s"
                .formatted(
                        figures.commands().sent(),
                        figures.commands().answered(),
                        figures.commands().unanswered(),
                        figures.commands().lost(),
                        spread(figures.roundTrip())));
        lines.add("so far     " + soFar(figures.totals()));
        return lines;
    }

    /** One line for a log. */
    static String line(FleetSettings settings, Figures figures) {
        return "%s %s: %,d connected, %,d reconnecting; %s/s published; received %s; in region %s%s; %s"
                .formatted(
                        time(figures.publishedMillis()),
                        figures.phase(),
                        figures.connected(),
                        figures.reconnecting(),
                        number(figures.publishedPerSecond()),
                        received(figures),
                        spread(figures.inRegion()),
                        settings.endpoints().size() > 1 ? ", across " + spread(figures.acrossRegions()) : "",
                        soFar(figures.totals()));
    }

    private static String received(Figures figures) {
        var watchers = figures.totals().watchers();
        return IntStream.range(0, watchers.size())
                .mapToObj(watcher -> watchers.get(watcher).name() + " "
                        + number(figures.receivedPerSecond().get(watcher)) + "/s")
                .collect(Collectors.joining(", "));
    }

    private static String soFar(Totals totals) {
        return "%,d published, %,d lost (QoS 1 and 2), %,d lost at QoS 0, %,d repeated, %,d out of order"
                .formatted(
                        Figures.sent(totals),
                        totals.acknowledgedLost(),
                        sum(totals, 0, Deliveries::lost),
                        sum(totals, Deliveries::repeated),
                        sum(totals, Deliveries::outOfOrder));
    }

    /** Over all watchers. */
    static long sum(Totals totals, int qos, ToLongFunction<Deliveries> figure) {
        return totals.watchers().stream()
                .mapToLong(watcher -> figure.applyAsLong(watcher.byQos().get(qos)))
                .sum();
    }

    /** Over all watchers and every QoS. */
    static long sum(Totals totals, ToLongFunction<Deliveries> figure) {
        return IntStream.rangeClosed(0, 2)
                .mapToLong(qos -> sum(totals, qos, figure))
                .sum();
    }

    /** Such as {@code p50 3.1 ms, p99 14.2 ms, max 33.0 ms}. */
    static String spread(Spread spread) {
        return spread.count() == 0
                ? "-"
                : "p50 %.1f ms, p99 %.1f ms, max %.1f ms"
                        .formatted(spread.medianMillis(), spread.p99Millis(), spread.maxMillis());
    }

    /** Minutes and seconds. */
    static String time(long millis) {
        var seconds = millis / MILLIS_PER_SECOND;
        return "%d:%02d".formatted(seconds / SECONDS_PER_MINUTE, seconds % SECONDS_PER_MINUTE);
    }

    /** Whole above ten, else with one digit behind the point. */
    static String number(double value) {
        return value >= 10 || value == Math.rint(value) ? "%,d".formatted(Math.round(value)) : "%.1f".formatted(value);
    }
}
