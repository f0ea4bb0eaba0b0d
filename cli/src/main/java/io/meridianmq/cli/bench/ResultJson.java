package io.meridianmq.cli.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import io.meridianmq.cli.bench.account.LatencySpread;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A {@link Result} as a line of JSON. */
final class ResultJson {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final double MILLIS_PER_SECOND = 1e3;

    private ResultJson() {}

    static String of(Result result) {
        return GSON.toJson(tree(result));
    }

    static JsonElement tree(Result result) {
        var object = new LinkedHashMap<String, Object>();
        object.put("scenario", result.parameters().scenario().toString());
        object.put("parameters", json(result.parameters()));
        object.put("sent", result.sent());
        object.put("received", result.received());
        object.put("perSecond", result.perSecond());
        object.put("lost", result.lost());
        object.put("duplicated", result.duplicated());
        object.put("reordered", result.reordered());
        object.put("latency", json(result.latency()));
        result.brokerCpuMicrosPerDelivery().ifPresent(value -> object.put("brokerCpuMicrosPerDelivery", value));
        result.brokerRssMb().ifPresent(value -> object.put("brokerRssMb", value));
        result.generatorCpuMicrosPerDelivery().ifPresent(value -> object.put("generatorCpuMicrosPerDelivery", value));
        object.put("seconds", result.seconds());
        object.put("figures", result.figures());
        object.put("failures", result.failures());
        return GSON.toJsonTree(object);
    }

    private static Map<String, Object> json(Parameters parameters) {
        var object = new LinkedHashMap<String, Object>();
        object.put("host", parameters.broker().getHostString());
        object.put("port", parameters.broker().getPort());
        object.put("mqtt", parameters.version().toString());
        object.put("qos", parameters.qos());
        object.put("payloadBytes", parameters.payloadBytes());
        object.put("publishers", parameters.publishers());
        object.put("subscribers", parameters.subscribers());
        object.put("window", parameters.window());
        object.put("rate", parameters.rate());
        object.put("messages", parameters.messages());
        object.put("warmUpSeconds", seconds(parameters.warmUp()));
        object.put("durationSeconds", seconds(parameters.duration()));
        object.put("threads", parameters.threads());
        object.put("seed", parameters.seed());
        return object;
    }

    private static Map<String, Object> json(LatencySpread latency) {
        var object = new LinkedHashMap<String, Object>();
        object.put("count", latency.count());
        object.put("p50Micros", latency.p50Micros());
        object.put("p90Micros", latency.p90Micros());
        object.put("p99Micros", latency.p99Micros());
        object.put("p999Micros", latency.p999Micros());
        object.put("maxMicros", latency.maxMicros());
        return object;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS_PER_SECOND;
    }
}
