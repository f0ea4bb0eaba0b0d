package io.meridianmq.system;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * What one device publishes for another at a steady rate, and what became of each message.
 *
 * <p>{@link #send} is for one thread; everything else may be called by any.
 */
final class Flow {

    /** What takes longer to arrive counts as interrupted. */
    static final Duration PROMPT = Duration.ofSeconds(2);

    /** How long every message has to have been prompt for the flow to be going on. */
    private static final Duration STEADY = Duration.ofSeconds(2);

    private static final int MESSAGES_MAX = 20_000;

    private final Path path;
    private final MqttQos qos;
    private final String topic;
    private final Traveller publisher;
    private final Traveller subscriber;

    // By number of the message; times by System.nanoTime, 0 for never.
    private final AtomicLongArray dueNanos = new AtomicLongArray(MESSAGES_MAX);
    private final AtomicLongArray acknowledgedNanos = new AtomicLongArray(MESSAGES_MAX);
    private final AtomicLongArray arrivedNanos = new AtomicLongArray(MESSAGES_MAX);

    /** How often both devices together had been connected when the message was due. */
    private final AtomicLongArray connections = new AtomicLongArray(MESSAGES_MAX);

    /** Written by the thread that sends, after everything about the message. */
    private volatile int count;

    /**
     * Where messages go from and to.
     *
     * @param from the publisher's zone; its region if a load balancer chooses the node
     * @param to the subscriber's, likewise
     */
    record Path(String from, String to) {

        boolean staysInZone() {
            return from.equals(to) && from.contains("/");
        }

        boolean staysInRegion() {
            return region(from).equals(region(to));
        }

        /**
         * Whether that zone or region has a part in it: an end is, or may be, there, or it is a zone of the region that the
         * path leads to from another one, where any zone may be the one that takes QoS 1 in.
         */
        boolean touches(String place) {
            return (!staysInRegion() && region(to).equals(region(place)))
                    || List.of(from, to).stream()
                            .anyMatch(end ->
                                    end.equals(place) || end.startsWith(place + "/") || place.startsWith(end + "/"));
        }

        boolean isBalanced() {
            return !from.contains("/") || !to.contains("/");
        }

        private static String region(String place) {
            return place.replaceFirst("/.*", "");
        }

        @Override
        public String toString() {
            return from.equals(to) ? "inside " + from : from + " to " + to;
        }
    }

    /** @param number tells it from other flows */
    Flow(int number, Path path, MqttQos qos, Traveller publisher, Traveller subscriber) {
        this.path = path;
        this.qos = qos;
        this.topic = "flow/" + number + "/" + path.from() + "/to/" + path.to();
        this.publisher = publisher;
        this.subscriber = subscriber;
        subscriber.subscribe(topic, qos, this::onArrival);
    }

    Path path() {
        return path;
    }

    /** The next message is due: sends it if the publisher is connected. */
    void send() {
        var number = count;
        dueNanos.set(number, System.nanoTime());
        connections.set(number, connectionsNow());
        count = number + 1;
        if (publisher.isConnected()) {
            var _ = publisher
                    .publish(topic, qos, String.valueOf(number))
                    .thenRun(() -> acknowledgedNanos.set(number, System.nanoTime()));
        }
    }

    private void onArrival(String payload) {
        arrivedNanos.compareAndSet(Integer.parseInt(payload), 0, System.nanoTime());
    }

    private long connectionsNow() {
        return (long) publisher.connections() + subscriber.connections();
    }

    /** Whether everything that was due lately has arrived promptly. */
    boolean goesOn() {
        var until = System.nanoTime() - PROMPT.toNanos();
        var lately = numbers(until - STEADY.toNanos(), until).toArray();
        return lately.length > 1 && Arrays.stream(lately).allMatch(this::wasPrompt);
    }

    /**
     * How long after {@code sinceNanos} the flow was going on again: when the first message was due from which on each one
     * was prompt. Empty if nothing was late or lost. What was due lately is not judged yet.
     */
    Optional<Duration> interruption(long sinceNanos) {
        return numbers(sinceNanos, System.nanoTime() - PROMPT.toNanos())
                .filter(number -> !wasPrompt(number))
                .max()
                .stream()
                .mapToObj(last -> Duration.ofNanos(dueAfter(last) - sinceNanos))
                .findFirst();
    }

    /**
     * The messages that were acknowledged and have not arrived although both devices have kept their connections, and the
     * subscriber had had the time to subscribe; none at QoS 0, which promises nothing. What was due lately is not judged yet.
     */
    List<Integer> lost(long sinceNanos) {
        if (qos == MqttQos.AT_MOST_ONCE) {
            return List.of();
        }
        var now = connectionsNow();
        var subscribedNanos = subscriber.connectedNanos() + PROMPT.toNanos();
        return numbers(sinceNanos, System.nanoTime() - PROMPT.toNanos())
                .filter(number -> dueNanos.get(number) - subscribedNanos >= 0)
                .filter(number -> connections.get(number) == now)
                .filter(number -> acknowledgedNanos.get(number) != 0 && arrivedNanos.get(number) == 0)
                .boxed()
                .toList();
    }

    private IntStream numbers(long sinceNanos, long untilNanos) {
        return IntStream.range(0, count)
                .filter(number -> dueNanos.get(number) - sinceNanos >= 0 && dueNanos.get(number) - untilNanos < 0);
    }

    private long dueAfter(int number) {
        return number + 1 < count ? dueNanos.get(number + 1) : System.nanoTime();
    }

    private boolean wasPrompt(int number) {
        var arrived = arrivedNanos.get(number);
        return arrived != 0 && arrived - dueNanos.get(number) <= PROMPT.toNanos();
    }

    @Override
    public String toString() {
        return path + " at QoS " + qos.getCode();
    }
}
