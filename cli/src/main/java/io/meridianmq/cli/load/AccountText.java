package io.meridianmq.cli.load;

import io.meridianmq.cli.load.account.Absence;
import io.meridianmq.cli.load.account.Deliveries;
import io.meridianmq.cli.load.account.LossSpan;
import io.meridianmq.cli.load.account.Publishes;
import io.meridianmq.cli.load.account.WatcherTotals;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The account of a run in words: a table, what was lost and when, and a verdict as its last line. */
final class AccountText {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final double MILLIS_PER_SECOND = 1e3;

    private final Account account;
    private final StringBuilder text = new StringBuilder();

    private AccountText(Account account) {
        this.account = account;
    }

    static String of(Account account) {
        return new AccountText(account).text();
    }

    private String text() {
        var figures = account.figures();
        line("");
        line("The account of %s: %,d devices, %.1f s"
                .formatted(
                        account.settings().topics().run(),
                        account.settings().devices(),
                        figures.publishedMillis() / MILLIS_PER_SECOND));
        line("%-42s %12s %12s %12s".formatted("", "QoS 0", "QoS 1", "QoS 2"));
        publishes("published", Publishes::sent);
        var byQos = figures.totals().byQos();
        line("%-42s %12s %,12d %,12d"
                .formatted(
                        "  acknowledged",
                        "-",
                        byQos.get(1).acknowledged(),
                        byQos.get(2).acknowledged()));
        publishesIfAny("  refused with a reason code", Publishes::refused);
        publishesIfAny("  not acknowledged: the publisher knows", Publishes::unknown);
        publishesIfAny("not published: no connection, or no room", Publishes::notSent);
        figures.totals().watchers().forEach(this::watcher);
        latencies();
        line("commands: %,d sent to devices, %,d answered, %,d unanswered since a connection broke, %,d lost"
                .formatted(
                        figures.commands().sent(),
                        figures.commands().answered(),
                        figures.commands().unanswered(),
                        figures.commands().lost()));
        line("%,d connections broke. This program used %.2f of a processor."
                .formatted(figures.connectionsLost(), account.processorShare()));
        figures.outages().forEach(outage -> line(inWords(outage)));
        figures.totals().watchers().forEach(this::losses);
        verdict();
        return text.toString();
    }

    private void publishes(String what, ToLongFunction<Publishes> figure) {
        row(
                what,
                account.figures().totals().byQos().stream()
                        .map(figure::applyAsLong)
                        .toList());
    }

    private void publishesIfAny(String what, ToLongFunction<Publishes> figure) {
        if (account.figures().totals().byQos().stream().anyMatch(each -> figure.applyAsLong(each) > 0)) {
            publishes(what, figure);
        }
    }

    private void watcher(WatcherTotals watcher) {
        line("at the watcher in %s".formatted(watcher.name()));
        deliveries(watcher, "  received", Deliveries::received);
        deliveriesIfAny(watcher, "    of these late, after they were given up", Deliveries::late);
        deliveries(watcher, "  lost", Deliveries::lost);
        deliveriesIfAny(watcher, "  missed while it was away", Deliveries::missedAway);
        deliveries(watcher, "  repeated", Deliveries::repeated);
        deliveriesIfAny(watcher, "  repeated in its next session", Deliveries::repeatedToNext);
        deliveries(watcher, "  out of order", Deliveries::outOfOrder);
        deliveriesIfAny(watcher, "  overtaken when their device reconnected", Deliveries::overtaken);
    }

    private void deliveries(WatcherTotals watcher, String what, ToLongFunction<Deliveries> figure) {
        row(what, watcher.byQos().stream().map(figure::applyAsLong).toList());
    }

    private void deliveriesIfAny(WatcherTotals watcher, String what, ToLongFunction<Deliveries> figure) {
        if (watcher.byQos().stream().anyMatch(each -> figure.applyAsLong(each) > 0)) {
            deliveries(watcher, what, figure);
        }
    }

    private void latencies() {
        line("latency in a region:      %s".formatted(FiguresText.spread(account.inRegion())));
        if (account.settings().endpoints().size() > 1) {
            line("latency across regions:   %s".formatted(FiguresText.spread(account.acrossRegions())));
        }
        line("a command and its reply:  %s".formatted(FiguresText.spread(account.roundTrip())));
    }

    private void losses(WatcherTotals watcher) {
        watcher.absences().forEach(absence -> line("The watcher in %s %s".formatted(watcher.name(), inWords(absence))));
        for (var qos = 0; qos <= 2; qos++) {
            var deliveries = watcher.byQos().get(qos);
            if (deliveries.lost() > 0) {
                line("%s: %,d QoS %d messages did not come to the watcher in %s; sent %s"
                        .formatted(
                                qos == 0 ? "Lost" : "LOST THOUGH ACKNOWLEDGED",
                                deliveries.lost(),
                                qos,
                                watcher.name(),
                                deliveries.lossTimes().stream()
                                        .map(this::inWords)
                                        .collect(Collectors.joining(", "))));
            }
        }
    }

    private String inWords(Outage outage) {
        var what = "%,d connections broke from %s on; ".formatted(outage.connections(), clock(outage.fromMillis()));
        return outage.toMillis() == Long.MAX_VALUE
                ? what + "not everybody is back."
                : what
                        + "everybody was connected and subscribed again after %.1f s."
                                .formatted((outage.toMillis() - outage.fromMillis()) / MILLIS_PER_SECOND);
    }

    private String inWords(Absence absence) {
        if (absence.toMillis() == Long.MAX_VALUE) {
            return "has been away since " + clock(absence.fromMillis()) + ".";
        }
        return "was away for %.1f s from %s; %s"
                .formatted(
                        (absence.toMillis() - absence.fromMillis()) / MILLIS_PER_SECOND,
                        clock(absence.fromMillis()),
                        absence.isSessionKept()
                                ? "its session was kept."
                                : "its session was gone: its node was lost, or it came to another one.");
    }

    private String inWords(LossSpan span) {
        return span.count() == 1
                ? clock(span.fromMillis())
                : "%s to %s (%,d)".formatted(clock(span.fromMillis()), clock(span.toMillis()), span.count());
    }

    private void verdict() {
        var totals = account.figures().totals();
        var broken = new ArrayList<String>();
        if (totals.acknowledgedLost() > 0) {
            broken.add("%,d ACKNOWLEDGED MESSAGES WERE LOST".formatted(totals.acknowledgedLost()));
        }
        if (totals.exactlyOnceRepeated() > 0) {
            broken.add("%,d QoS 2 MESSAGES CAME AGAIN".formatted(totals.exactlyOnceRepeated()));
        }
        if (totals.neverSent() > 0) {
            broken.add("%,d MESSAGES CAME THAT NOBODY SENT".formatted(totals.neverSent()));
        }
        if (account.figures().commands().lost() > 0) {
            broken.add("%,d COMMANDS OR REPLIES WERE LOST"
                    .formatted(account.figures().commands().lost()));
        }
        line(broken.isEmpty() ? "Nothing that was acknowledged was lost." : String.join("; ", broken) + ".");
    }

    private void row(String what, List<Long> byQos) {
        line("%-42s %,12d %,12d %,12d".formatted(what, byQos.get(0), byQos.get(1), byQos.get(2)));
    }

    private String clock(long millis) {
        return CLOCK.format(account.clock().at(millis));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
