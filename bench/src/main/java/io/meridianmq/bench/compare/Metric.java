package io.meridianmq.bench.compare;

import com.google.gson.JsonObject;

/** A figure of a run. */
enum Metric {
    CPU("broker CPU, us each", "brokerCpuMicrosPerDelivery"),
    RATE("deliveries/s", "perSecond"),
    P50("p50, us", "latency.p50Micros"),
    P99("p99, us", "latency.p99Micros"),
    MEMORY("RSS, MB", "brokerRssMb"),
    GENERATOR("generator CPU, us each", "generatorCpuMicrosPerDelivery"),
    CONNECTS("connects/s", "perSecond"),
    HEAP("live heap per connection, bytes", "figures.heapBytesPerConnection"),
    RESIDENT("RSS per connection, bytes", "figures.residentBytesPerConnection");

    private final String title;
    private final String path;

    Metric(String title, String path) {
        this.title = title;
        this.path = path;
    }

    String title() {
        return title;
    }

    /** The figure in what {@code meridian bench --json} prints, or {@link Double#NaN} if it was not measured. */
    double of(JsonObject result) {
        var dot = path.indexOf('.');
        var name = path.substring(dot + 1);
        if (dot < 0) {
            return result.has(name) ? result.get(name).getAsDouble() : Double.NaN;
        }
        var outer = path.substring(0, dot);
        var object = result.has(outer) ? result.getAsJsonObject(outer) : new JsonObject();
        return object.has(name) ? object.get(name).getAsDouble() : Double.NaN;
    }
}
