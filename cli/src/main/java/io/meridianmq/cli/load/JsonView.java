package io.meridianmq.cli.load;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meridianmq.cli.load.account.Absence;
import io.meridianmq.cli.load.account.Deliveries;
import io.meridianmq.cli.load.account.LossSpan;
import io.meridianmq.cli.load.account.Publishes;
import io.meridianmq.cli.load.account.Totals;
import io.meridianmq.cli.load.account.WatcherTotals;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** One JSON object on a line of its own every second, and one for the account. */
final class JsonView implements FleetView {

    private static final double MILLIS_PER_SECOND = 1e3;

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final PrintStream out;

    JsonView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(Figures figures) {
        out.println(GSON.toJson(json(figures)));
    }

    @Override
    public void show(Account account) {
        out.println(GSON.toJson(json(account)));
    }

    private static Map<String, Object> json(Figures figures) {
        var object = new LinkedHashMap<String, Object>();
        var totals = figures.totals();
        object.put("type", "second");
        object.put("seconds", figures.publishedMillis() / MILLIS_PER_SECOND);
        object.put("phase", figures.phase().toString());
        object.put("connected", figures.connected());
        object.put("reconnecting", figures.reconnecting());
        object.put("connectionsLost", figures.connectionsLost());
        object.put("publishedPerSecond", figures.publishedPerSecond());
        object.put("acknowledgedPerSecond", figures.acknowledgedPerSecond());
        var received = new LinkedHashMap<String, Object>();
        IntStream.range(0, totals.watchers().size())
                .forEach(watcher -> received.put(
                        totals.watchers().get(watcher).name(),
                        figures.receivedPerSecond().get(watcher)));
        object.put("receivedPerSecond", received);
        object.put("inRegion", json(figures.inRegion()));
        object.put("acrossRegions", json(figures.acrossRegions()));
        object.put("roundTrip", json(figures.roundTrip()));
        object.put("ownDelayMillis", figures.lateMillis());
        object.put("lost", totals.acknowledgedLost());
        object.put("lostAtQos0", FiguresText.sum(totals, 0, Deliveries::lost));
        object.put("repeated", FiguresText.sum(totals, Deliveries::repeated));
        object.put("outOfOrder", FiguresText.sum(totals, Deliveries::outOfOrder));
        return object;
    }

    private static Map<String, Object> json(Account account) {
        var object = new LinkedHashMap<String, Object>();
        var figures = account.figures();
        object.put("type", "account");
        object.put("whole", account.isWhole());
        object.put("run", account.settings().topics().run());
        object.put("devices", account.settings().devices());
        object.put("seconds", figures.publishedMillis() / MILLIS_PER_SECOND);
        object.put("connectionsLost", figures.connectionsLost());
        object.put(
                "outages",
                figures.outages().stream()
                        .map(outage -> json(outage, account.clock()))
                        .toList());
        object.put("published", published(figures.totals()));
        var watchers = new LinkedHashMap<String, Object>();
        figures.totals().watchers().forEach(watcher -> watchers.put(watcher.name(), json(watcher, account.clock())));
        object.put("watchers", watchers);
        object.put("neverSent", figures.totals().neverSent());
        object.put("commands", json(figures.commands()));
        object.put("inRegion", json(account.inRegion()));
        object.put("acrossRegions", json(account.acrossRegions()));
        object.put("roundTrip", json(account.roundTrip()));
        object.put("processorShare", account.processorShare());
        return object;
    }

    private static Map<String, Object> json(Outage outage, RunClock clock) {
        var object = new LinkedHashMap<String, Object>();
        object.put("from", clock.at(outage.fromMillis()).toString());
        object.put("connections", outage.connections());
        if (outage.toMillis() != Long.MAX_VALUE) {
            object.put("to", clock.at(outage.toMillis()).toString());
        }
        return object;
    }

    private static Map<String, Object> published(Totals totals) {
        var byQos = new LinkedHashMap<String, Object>();
        for (var qos = 0; qos <= 2; qos++) {
            byQos.put("qos" + qos, json(totals.byQos().get(qos)));
        }
        return byQos;
    }

    private static Map<String, Object> json(Publishes publishes) {
        var object = new LinkedHashMap<String, Object>();
        object.put("sent", publishes.sent());
        object.put("acknowledged", publishes.acknowledged());
        object.put("refused", publishes.refused());
        object.put("unknown", publishes.unknown());
        object.put("notSent", publishes.notSent());
        return object;
    }

    private static Map<String, Object> json(WatcherTotals watcher, RunClock clock) {
        var object = new LinkedHashMap<String, Object>();
        for (var qos = 0; qos <= 2; qos++) {
            object.put("qos" + qos, json(watcher.byQos().get(qos), clock));
        }
        object.put(
                "absences",
                watcher.absences().stream().map(absence -> json(absence, clock)).toList());
        return object;
    }

    private static Map<String, Object> json(Deliveries deliveries, RunClock clock) {
        var object = new LinkedHashMap<String, Object>();
        object.put("received", deliveries.received());
        object.put("late", deliveries.late());
        object.put("lost", deliveries.lost());
        object.put("missedAway", deliveries.missedAway());
        object.put("repeated", deliveries.repeated());
        object.put("repeatedToNextSession", deliveries.repeatedToNext());
        object.put("outOfOrder", deliveries.outOfOrder());
        object.put("overtaken", deliveries.overtaken());
        object.put(
                "lostSent",
                deliveries.lossTimes().stream().map(span -> json(span, clock)).toList());
        return object;
    }

    private static Map<String, Object> json(LossSpan span, RunClock clock) {
        var object = new LinkedHashMap<String, Object>();
        object.put("from", clock.at(span.fromMillis()).toString());
        object.put("to", clock.at(span.toMillis()).toString());
        object.put("count", span.count());
        return object;
    }

    private static Map<String, Object> json(Absence absence, RunClock clock) {
        var object = new LinkedHashMap<String, Object>();
        object.put("from", clock.at(absence.fromMillis()).toString());
        if (absence.toMillis() != Long.MAX_VALUE) {
            object.put("to", clock.at(absence.toMillis()).toString());
        }
        object.put("sessionKept", absence.isSessionKept());
        return object;
    }

    private static Map<String, Object> json(Commands.Tally commands) {
        var object = new LinkedHashMap<String, Object>();
        object.put("sent", commands.sent());
        object.put("answered", commands.answered());
        object.put("unanswered", commands.unanswered());
        object.put("lost", commands.lost());
        return object;
    }

    private static Map<String, Object> json(Spread spread) {
        var object = new LinkedHashMap<String, Object>();
        object.put("count", spread.count());
        object.put("p50Millis", spread.medianMillis());
        object.put("p99Millis", spread.p99Millis());
        object.put("maxMillis", spread.maxMillis());
        return object;
    }
}
