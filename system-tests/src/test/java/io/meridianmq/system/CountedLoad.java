package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.cli.load.mqtt.Client;
import io.meridianmq.cli.load.mqtt.ClientSettings;
import io.meridianmq.cli.load.mqtt.Network;
import io.meridianmq.cli.load.mqtt.Publish;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Publishers that have as much under way as they may, and durable subscribers, each of which wants what some of
 * them publish; in this process, which keeps account of every acknowledgement that they get. All connect again when their
 * connections break, with the sessions that they have.
 */
final class CountedLoad {

    private static final int SUBSCRIBERS = 10;
    private static final int NEVER_EXPIRES = -1;
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int SUBSCRIPTION_QOS = 2;
    private static final int TICK_MILLIS = 5;
    private static final int SHOWN_GAPS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What has not arrived when nothing has for so long is taken for abandoned, or is found missing. */
    private static final Duration QUIET = Duration.ofSeconds(60);

    /** Subscribers that were away get tens of thousands of messages each. */
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(15);

    private final Network network;
    private final Random random;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private CountedLoad(Network network, Random random) {
        this.network = network;
        this.random = random;
    }

    /** Connects the subscribers, and when they have subscribed the publishers, which begin at once. */
    static CountedLoad start(Network network, InetSocketAddress broker, int publishers, Random random) {
        return start(network, broker, publishers, Integer.MAX_VALUE, random);
    }

    /** The same with publishers that publish at most {@code atOnce} messages every {@link #TICK_MILLIS}. */
    static CountedLoad start(Network network, InetSocketAddress broker, int publishers, int atOnce, Random random) {
        var load = new CountedLoad(network, random);
        load.begin(broker, publishers, atOnce);
        return load;
    }

    private void begin(InetSocketAddress broker, int publisherCount, int atOnce) {
        on(() -> {
            for (var i = 0; i < SUBSCRIBERS; i++) {
                subscribers.add(new Subscriber(i, publisherCount, network, broker));
            }
            return subscribers.size();
        });
        var _ = network.loop()
                .scheduleAtFixedRate(
                        () -> {
                            var now = System.nanoTime();
                            subscribers.forEach(subscriber -> subscriber.tick(now));
                            publishers.forEach(publisher -> publisher.tick(now));
                        },
                        TICK_MILLIS,
                        TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
        await().atMost(PATIENCE).until(() -> on(() -> subscribers.stream().allMatch(Subscriber::isReady)));
        on(() -> {
            for (var i = 0; i < publisherCount; i++) {
                publishers.add(new Publisher(i, atOnce, network, broker));
            }
            return publishers.size();
        });
    }

    /** Publishes that have left this process, and are neither acknowledged nor received. */
    int underWay() {
        return on(() -> publishers.stream().mapToInt(Publisher::underWay).sum());
    }

    long acknowledged() {
        return on(() -> publishers.stream()
                .mapToLong(publisher -> publisher.acknowledged)
                .sum());
    }

    /** Waits until so many more publishes have been acknowledged. */
    void awaitAcknowledged(long more) {
        var until = acknowledged() + more;
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .pollDelay(Duration.ZERO)
                .until(() -> acknowledged() >= until);
    }

    /** One of the subscribers stays away after the next break of its connection; or comes back, if that did. */
    void sendOneAway() {
        on(() -> subscribers.get(random.nextInt(SUBSCRIBERS)).toggle());
    }

    /** No more is published until {@link #goOn}; what is under way arrives, until nothing has for a minute. */
    void settle() {
        on(() -> {
            publishers.forEach(publisher -> publisher.isPaused = true);
            subscribers.forEach(Subscriber::stay);
            return true;
        });
        await().atMost(PATIENCE).until(() -> on(() -> publishers.stream().allMatch(Publisher::isDone)));
        var arrivals = new Arrivals();
        await().atMost(SETTLED_WITHIN)
                .pollInterval(Duration.ofMillis(100))
                .until(() ->
                        on(() -> publishers.stream().allMatch(this::hasArrived)) || arrivals.haveEnded(received()));
    }

    /** Looks at how many messages have arrived, again and again. */
    private static final class Arrivals {
        private long count = -1;
        private long sinceNanos = System.nanoTime();

        boolean haveEnded(long countNow) {
            var now = System.nanoTime();
            if (countNow != count) {
                count = countNow;
                sinceNanos = now;
            }
            return now - sinceNanos > QUIET.toNanos();
        }
    }

    private long received() {
        return on(() -> publishers.stream()
                .mapToLong(publisher ->
                        subscriberOf(publisher).got(publisher.number).size())
                .sum());
    }

    void goOn() {
        on(() -> {
            publishers.forEach(publisher -> publisher.isPaused = false);
            return true;
        });
    }

    private boolean hasArrived(Publisher publisher) {
        var got = subscriberOf(publisher).got(publisher.number);
        return publisher.sent == 0 || (!got.isEmpty() && got.getLast() == publisher.sent);
    }

    private Subscriber subscriberOf(Publisher publisher) {
        return subscribers.get(publisher.number % SUBSCRIBERS);
    }

    /** What was published, acknowledged and received, in one line. */
    String account() {
        return on(() -> "%,d messages published, %,d acknowledged, %,d abandoned, %,d received"
                .formatted(
                        publishers.stream()
                                .mapToLong(publisher -> publisher.sent)
                                .sum(),
                        publishers.stream()
                                .mapToLong(publisher -> publisher.acknowledged)
                                .sum(),
                        publishers.stream()
                                .mapToLong(publisher -> publisher.abandoned.size())
                                .sum(),
                        publishers.stream()
                                .mapToLong(publisher -> subscriberOf(publisher)
                                        .got(publisher.number)
                                        .size())
                                .sum()));
    }

    /** How many publishes could not be repeated, since the session that began them was gone. */
    int abandoned() {
        return on(() -> publishers.stream()
                .mapToInt(publisher -> publisher.abandoned.size())
                .sum());
    }

    /**
     * Looks at what has come since the last call: in order, and no QoS 2 message that had come before, to each subscriber that
     * had one session all the time. To be called when what was published has {@linkplain #settle settled}.
     */
    void endRound() {
        on(() -> {
            publishers.forEach(publisher -> faults.addAll(disorder(publisher)));
            subscribers.forEach(Subscriber::endRound);
            return subscribers.size();
        });
    }

    /**
     * Everything that was acknowledged has arrived, and no round has shown disorder. A publish that was abandoned may have
     * arrived or not.
     *
     * <p>[MQTT-4.3.2-1] [MQTT-4.3.3-1] [MQTT-4.6.0-6]
     */
    void check() {
        endRound();
        var found = on(() -> Stream.concat(
                        faults.stream(), publishers.stream().flatMap(publisher -> losses(publisher).stream()))
                .toList());
        assertThat(found).isEmpty();
    }

    private List<String> disorder(Publisher publisher) {
        var subscriber = subscriberOf(publisher);
        var found = new ArrayList<String>();
        var repeated = 0;
        var last = 0L;
        for (var number : subscriber.newsOf(publisher.number)) {
            if (!publisher.arrived.add(number)) {
                repeated++;
            } else if (number > last) {
                last = number;
            } else if (!subscriber.hasBegunAnew()) {
                found.add("%s: %d after %d".formatted(publisher, number, last));
            }
        }
        if (publisher.qos == 2 && repeated > 0 && !subscriber.hasBegunAnew()) {
            found.add("%s: %d received twice".formatted(publisher, repeated));
        }
        return found;
    }

    private static List<String> losses(Publisher publisher) {
        var found = new ArrayList<String>();
        var lost = LongStream.rangeClosed(1, publisher.sent)
                .filter(number -> !publisher.arrived.contains(number) && !publisher.abandoned.contains(number))
                .limit(SHOWN_GAPS)
                .boxed()
                .toList();
        if (!lost.isEmpty()) {
            found.add("%s: not received: %s ...".formatted(publisher, lost));
        }
        if (publisher.refused > 0) {
            found.add("%s: %d refused".formatted(publisher, publisher.refused));
        }
        return found;
    }

    private <T> T on(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, network.loop())
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Publishes as much as the window allows, numbered from 1. */
    private static final class Publisher implements Quiet {
        final int number;
        final int qos;
        private final int atOnce;
        private final Client client;
        private final String topic;
        private long sent;
        private long transmitted;
        private long acknowledged;
        private final Set<Long> abandoned = new HashSet<>();

        /** What its subscriber had until the end of the last round. */
        private final Set<Long> arrived = new HashSet<>();

        private int refused;
        private boolean isPaused;

        Publisher(int number, int atOnce, Network network, InetSocketAddress broker) {
            this.atOnce = atOnce;
            this.number = number;
            this.qos = 1 + number / SUBSCRIBERS % 2;
            this.topic = "crash/" + number % SUBSCRIBERS + "/" + number;
            this.client = network.client(
                    new ClientSettings("publisher-" + number, NEVER_EXPIRES, KEEP_ALIVE_SECONDS, List.of()),
                    broker,
                    this,
                    new Random(number));
            client.start(System.nanoTime());
        }

        void tick(long nowNanos) {
            client.tick(nowNanos);
            for (var i = 0; i < atOnce && !isPaused && client.canPublish(qos); i++) {
                sent++;
                client.publish(new Publish(sent, topic, payload(sent), qos), nowNanos);
            }
        }

        private byte[] payload(long sequence) {
            return ByteBuffer.allocate(64).putInt(number).putLong(sequence).array();
        }

        /** Publishes that have left this process, and are neither acknowledged nor received. */
        int underWay() {
            return (int) (transmitted - acknowledged - abandoned.size());
        }

        boolean isDone() {
            return client.isDone();
        }

        @Override
        public String toString() {
            return "publisher %d, QoS %d, of %d".formatted(number, qos, sent);
        }

        @Override
        public void onSent(long token, long nowNanos) {
            transmitted = Math.max(transmitted, token);
        }

        @Override
        public void onAcknowledged(long token, long nowNanos) {
            acknowledged++;
        }

        @Override
        public void onRefused(long token, int reasonCode, long nowNanos) {
            refused++;
        }

        @Override
        public void onAbandoned(long token, long nowNanos) {
            abandoned.add(token);
        }
    }

    /** Has a durable subscription to some publishers, and at times no connection. */
    private static final class Subscriber implements Quiet {
        private final List<List<Long>> got = new ArrayList<>();
        private final Client client;
        private boolean isAway;
        private int sessions;
        private int sessionsBefore = 1;
        private final int[] looked;

        Subscriber(int number, int publishers, Network network, InetSocketAddress broker) {
            looked = new int[publishers];
            for (var i = 0; i < publishers; i++) {
                got.add(new ArrayList<>());
            }
            this.client = network.client(
                    new ClientSettings(
                            "subscriber-" + number,
                            NEVER_EXPIRES,
                            KEEP_ALIVE_SECONDS,
                            List.of(new ClientSettings.Filter("crash/" + number + "/+", SUBSCRIPTION_QOS))),
                    broker,
                    this,
                    new Random(number));
            client.start(System.nanoTime());
        }

        @Override
        public void onReady(boolean isSessionPresent, long nowNanos) {
            sessions += isSessionPresent ? 0 : 1;
        }

        /** Whether a session that it had was out of reach when it came back, in this round. */
        boolean hasBegunAnew() {
            return sessions > sessionsBefore;
        }

        /** What came from a publisher in this round. */
        List<Long> newsOf(int publisher) {
            return got.get(publisher)
                    .subList(looked[publisher], got.get(publisher).size());
        }

        void endRound() {
            sessionsBefore = sessions;
            Arrays.setAll(looked, publisher -> got.get(publisher).size());
        }

        /** Stays away after the next break of its connection, or comes back. */
        boolean toggle() {
            isAway = !isAway;
            return isAway;
        }

        void stay() {
            isAway = false;
        }

        void tick(long nowNanos) {
            if (!isAway || client.isReady()) {
                client.tick(nowNanos);
            }
        }

        boolean isReady() {
            return client.isReady();
        }

        List<Long> got(int publisher) {
            return got.get(publisher);
        }

        @Override
        public void onMessage(String topic, ByteBuf payload, long nowNanos) {
            var publisher = payload.readInt();
            got.get(publisher).add(payload.readLong());
        }
    }
}
