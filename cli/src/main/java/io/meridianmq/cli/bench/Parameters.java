package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.Login;
import io.meridianmq.cli.bench.wire.ProtocolVersion;
import io.meridianmq.cli.bench.wire.Stamp;
import io.meridianmq.cli.bench.wire.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What is to be measured, and how.
 *
 * @param broker where publishers connect, and subscribers too unless the scenario has two brokers
 * @param second where the subscribers of {@code cross-region} and {@code reach} connect
 * @param transport between MQTT and TCP
 * @param qos of publishes and subscriptions
 * @param payloadBytes at least {@value Stamp#BYTES}
 * @param window messages that a publisher may have outstanding; attempts under way in {@code connect-storm} and {@code idle}
 * @param rate messages, or in {@code reach} subscriptions, a second of all together; 0: as many as the window allows
 * @param messages how many each publisher sends; 0: as many as it can until the time is
 *     over; otherwise there is no warm-up
 * @param connections of {@code connect-storm} and {@code idle}
 * @param topics of {@code retained}
 * @param slow subscribers of {@code slow-consumers} that do not read, beside those that do
 * @param isDurable whether the sessions of subscribers outlive their connections
 * @param warmUp before the measurement begins
 * @param duration of the measurement
 * @param threads event loops
 * @param brokerProcess the broker's process number, if what it uses is to be measured
 * @param seed of what is random in the payloads
 * @param run in client identifiers and topics, so that two runs do not hear each other
 */
record Parameters(
        Scenario scenario,
        InetSocketAddress broker,
        InetSocketAddress second,
        Transport transport,
        ProtocolVersion version,
        int qos,
        int payloadBytes,
        int publishers,
        int subscribers,
        int window,
        double rate,
        long messages,
        int connections,
        int topics,
        int slow,
        boolean isDurable,
        Duration warmUp,
        Duration duration,
        int threads,
        OptionalLong brokerProcess,
        long seed,
        String run) {

    private static final int CLIENTS_MAX = 1_000_000;
    private static final int WINDOW_MAX = 65_000;
    private static final int PAYLOAD_BYTES_MAX = 64 << 20;
    private static final int THREADS_MAX = 64;
    private static final double RATE_MAX = 1e8;

    Parameters {
        requireBetween("--qos", qos, 0, 2);
        requireBetween("--payload-bytes", payloadBytes, Stamp.BYTES, PAYLOAD_BYTES_MAX);
        requireBetween("--publishers", publishers, 0, CLIENTS_MAX);
        requireBetween("--subscribers", subscribers, 0, CLIENTS_MAX);
        requireBetween("--connections", connections, 1, CLIENTS_MAX);
        requireBetween("--topics", topics, 1, Stamp.PUBLISHERS_MAX - 1);
        requireBetween("--slow", slow, 0, CLIENTS_MAX);
        requireBetween("--window", window, 1, WINDOW_MAX);
        requireBetween("--threads", threads, 1, THREADS_MAX);
        if (rate < 0 || rate > RATE_MAX) {
            throw new IllegalArgumentException("--rate must be from 0 to " + (long) RATE_MAX + " but was " + rate);
        }
        if (rate > 0 && !scenario.hasRate()) {
            throw new IllegalArgumentException("--rate does not go with " + scenario);
        }
        if (isDurable && !scenario.hasRate()) {
            throw new IllegalArgumentException("--durable does not go with " + scenario);
        }
        if (isDurable && version != ProtocolVersion.V5) {
            throw new IllegalArgumentException(
                    "--durable needs --mqtt 5, with which a client can say that its session ends");
        }
        if (messages < 0) {
            throw new IllegalArgumentException("--messages must not be negative but was " + messages);
        }
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("--duration must be positive but was " + duration);
        }
        if (scenario.isPaired() && publishers != subscribers) {
            throw new IllegalArgumentException(
                    scenario + " has as many subscribers as publishers: give the same number");
        }
    }

    private static void requireBetween(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + " must be from " + min + " to " + max + " but was " + value);
        }
    }

    /** Whether publishers send as soon as their window has room, rather than at a rate. */
    boolean isClosedLoop() {
        return rate == 0;
    }

    /** Of a client whose session ends with its connection. */
    Login login(String clientId, int keepAliveSeconds) {
        return new Login(version, clientId, keepAliveSeconds, false);
    }

    /** Of one that subscribes. */
    Login subscriberLogin(String clientId) {
        return new Login(version, clientId, 0, isDurable);
    }

    /** Of 20 bytes. */
    String clientId(char kind, int number) {
        return "bench-%s-%c%08d".formatted(run, kind, number);
    }

    /** Below what this run alone uses. */
    String topic(String rest) {
        return "bench/" + run + "/" + rest;
    }
}
