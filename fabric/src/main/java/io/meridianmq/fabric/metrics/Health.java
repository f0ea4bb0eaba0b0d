package io.meridianmq.fabric.metrics;

import io.meridianmq.fabric.http.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Named checks that say whether a process is alive and whether it can serve. Checks are called by the threads of the HTTP
 * port, must not block, and return the reason why not, or empty if all is well.
 *
 * <p><b>Live</b>: a process that is not should be restarted. <b>Ready</b>: a process that is not should get no new
 * clients; it is also not ready when it is not live.
 */
public final class Health {

    private final List<Check> liveChecks = new CopyOnWriteArrayList<>();
    private final List<Check> readyChecks = new CopyOnWriteArrayList<>();

    /** Adds a check without which the process should be restarted. */
    public void live(String name, Supplier<Optional<String>> whyNot) {
        liveChecks.add(new Check(name, whyNot));
    }

    /** Adds a check without which the process should get no clients. */
    public void ready(String name, Supplier<Optional<String>> whyNot) {
        readyChecks.add(new Check(name, whyNot));
    }

    Report live() {
        return report(liveChecks);
    }

    Report ready() {
        var all = new ArrayList<>(liveChecks);
        all.addAll(readyChecks);
        return report(all);
    }

    private static Report report(List<Check> checks) {
        return new Report(checks.stream()
                .map(check -> new Result(check.name(), check.result()))
                .toList());
    }

    private record Check(String name, Supplier<Optional<String>> whyNot) {

        /** A check that fails counts as "not well": health must say so rather than answer nothing. */
        Optional<String> result() {
            try {
                return whyNot.get();
            } catch (RuntimeException e) {
                return Optional.of("the check itself failed: " + e);
            }
        }
    }

    record Result(String name, Optional<String> whyNot) {}

    record Report(List<Result> results) {

        boolean isWell() {
            return results.stream().allMatch(result -> result.whyNot().isEmpty());
        }

        /** {@code {"status":"up","checks":[{"name":"etcd","status":"up"}]}}, with a {@code reason} where it is down. */
        String json() {
            var json = new JsonText().object();
            json.name("status").value(status(isWell())).name("checks").array();
            for (var result : results) {
                json.object().name("name").value(result.name());
                json.name("status").value(status(result.whyNot().isEmpty()));
                result.whyNot().ifPresent(reason -> json.name("reason").value(reason));
                json.endObject();
            }
            return json.endArray().endObject() + "\n";
        }

        private static String status(boolean well) {
            return well ? "up" : "down";
        }
    }
}
