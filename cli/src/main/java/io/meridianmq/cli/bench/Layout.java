package io.meridianmq.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who publishes what, and who hears it.
 *
 * @param speakers the publishers, by number
 * @param hearers the subscribers
 */
record Layout(List<Speaker> speakers, List<Hearer> hearers) {

    /** Of a hearer that is in no group. */
    static final int NO_GROUP = -1;

    /** A publisher. */
    record Speaker(String topic, int qos) {}

    /**
     * A subscriber.
     *
     * @param first the first publisher that it hears
     * @param publishers how many it hears, that one and those after it
     * @param group the number of the group that it shares what it hears with, or {@link #NO_GROUP}
     * @param isReading whether it reads what it is sent
     * @param isSecond whether it is at the second broker
     */
    record Hearer(String filter, int qos, int first, int publishers, int group, boolean isReading, boolean isSecond) {}

    Layout {
        speakers = List.copyOf(speakers);
        hearers = List.copyOf(hearers);
    }

    static Layout of(Parameters parameters) {
        return switch (parameters.scenario()) {
            case FAN_IN, FAN_OUT -> together(parameters, parameters.topic("all"), NO_GROUP);
            case SHARED -> together(parameters, "$share/members/" + parameters.topic("all"), 0);
            case SLOW_CONSUMERS -> withSlow(parameters);
            case PAIRS, CHURN -> pairs(parameters, parameters.publishers(), false);
            case CROSS_REGION -> pairs(parameters, parameters.publishers(), true);
            case RETAINED, CONNECT_STORM, IDLE, REACH -> new Layout(List.of(), List.of());
        };
    }

    /** All on one topic. */
    private static Layout together(Parameters parameters, String filter, int group) {
        var speaker = new Speaker(parameters.topic("all"), parameters.qos());
        var hearer = new Hearer(filter, parameters.qos(), 0, parameters.publishers(), group, true, false);
        return new Layout(
                Stream.generate(() -> speaker).limit(parameters.publishers()).toList(),
                Stream.generate(() -> hearer).limit(parameters.subscribers()).toList());
    }

    private static Layout withSlow(Parameters parameters) {
        var swift = together(parameters, parameters.topic("all"), NO_GROUP);
        var slow = new Hearer(
                parameters.topic("all"), parameters.qos(), 0, parameters.publishers(), NO_GROUP, false, false);
        return swift.with(new Layout(
                List.of(), Stream.generate(() -> slow).limit(parameters.slow()).toList()));
    }

    private static Layout pairs(Parameters parameters, int count, boolean isSecond) {
        var speakers = IntStream.range(0, count)
                .mapToObj(number -> new Speaker(parameters.topic("pair/" + number), parameters.qos()))
                .toList();
        var hearers = IntStream.range(0, count)
                .mapToObj(number ->
                        new Hearer(speakers.get(number).topic(), parameters.qos(), number, 1, NO_GROUP, true, isSecond))
                .toList();
        return new Layout(speakers, hearers);
    }

    /**
     * All at once: pairs of each QoS, one publisher that many hear, and publishers whose messages a group shares.
     *
     * @param count how many pairs of each QoS; and a tenth as many share
     */
    static Layout mixed(Parameters parameters, int count, int hearersOfAll) {
        var mixed = new Layout(List.of(), List.of());
        for (var qos = 0; qos <= 2; qos++) {
            for (var number = 0; number < count; number++) {
                mixed = mixed.with(one(parameters.topic("mixed/" + qos + "/" + number), "", qos, 1, NO_GROUP));
            }
        }
        mixed = mixed.with(one(parameters.topic("mixed/all"), "", 0, hearersOfAll, NO_GROUP));
        var members = Math.max(2, count / 10);
        return mixed.with(one(parameters.topic("mixed/shared"), "$share/members/", 1, members, 0));
    }

    /** One publisher. */
    private static Layout one(String topic, String filterPrefix, int qos, int hearers, int group) {
        var hearer = new Hearer(filterPrefix + topic, qos, 0, 1, group, true, false);
        return new Layout(
                List.of(new Speaker(topic, qos)),
                Stream.generate(() -> hearer).limit(hearers).toList());
    }

    /** Both, the other's publishers numbered after these. */
    Layout with(Layout other) {
        var allSpeakers = new ArrayList<>(speakers);
        allSpeakers.addAll(other.speakers);
        var allHearers = new ArrayList<>(hearers);
        // Those that only listen hear these publishers.
        var shift = other.speakers.isEmpty() ? 0 : speakers.size();
        for (var each : other.hearers) {
            allHearers.add(new Hearer(
                    each.filter,
                    each.qos,
                    each.first + shift,
                    each.publishers,
                    each.group,
                    each.isReading,
                    each.isSecond));
        }
        return new Layout(allSpeakers, allHearers);
    }
}
