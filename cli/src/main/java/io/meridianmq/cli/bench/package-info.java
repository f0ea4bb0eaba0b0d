/**
 * {@code meridian bench}: measures any MQTT broker from outside. A {@link io.meridianmq.cli.bench.Layout} says who
 * publishes and who hears it, {@link io.meridianmq.cli.bench.TrafficRun} lets it happen; scenarios that are not about a
 * stream of messages have classes of their own.
 */
@NullMarked
package io.meridianmq.cli.bench;

import org.jspecify.annotations.NullMarked;
