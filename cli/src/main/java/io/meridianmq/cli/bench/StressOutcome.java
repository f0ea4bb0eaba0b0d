package io.meridianmq.cli.bench;

import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a stress test has shown.
 *
 * <p>As JSON it is an object with {@code test}, {@code passed}, {@code results} (an array of what a {@link Result} is as
 * JSON) and {@code failures}, an array of strings.
 *
 * @param results of its runs, in their order
 * @param failures why it failed; empty if it passed
 */
record StressOutcome(StressTest test, List<Result> results, List<String> failures) {

    private static final int NAME_WIDTH = 12;

    StressOutcome {
        results = List.copyOf(results);
        failures = List.copyOf(failures);
    }

    boolean isPassed() {
        return failures.isEmpty();
    }

    String json() {
        var object = new LinkedHashMap<String, Object>();
        object.put("test", test.toString());
        object.put("passed", isPassed());
        object.put("results", results.stream().map(ResultJson::tree).toList());
        object.put("failures", failures);
        return new GsonBuilder().disableHtmlEscaping().create().toJson(object) + "\n";
    }

    String text() {
        var verdict = isPassed() ? "PASS" : "FAIL";
        var name = test.toString();
        var runs = results.stream()
                .map(StressOutcome::line)
                .collect(Collectors.joining("\n" + " ".repeat(verdict.length() + 1 + NAME_WIDTH)));
        var reasons = failures.stream().map(each -> "     " + each + "\n").collect(Collectors.joining());
        return verdict + " " + name + " ".repeat(Math.max(1, NAME_WIDTH - name.length())) + runs + "\n" + reasons;
    }

    private static String line(Result result) {
        var line = new StringBuilder("%,d bytes: %,d received in %.1f s, %,.0f/s, p99 %s"
                .formatted(
                        result.parameters().payloadBytes(),
                        result.received(),
                        result.seconds(),
                        result.perSecond(),
                        ResultText.time(result.latency().p99Micros())));
        result.brokerCpuMicrosPerDelivery().ifPresent(value -> line.append(", broker %.2f us each".formatted(value)));
        result.brokerRssMb().ifPresent(value -> line.append(", %.0f MB".formatted(value)));
        return line.toString();
    }
}
