package io.meridianmq.fabric.settings;

import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.fabric.config.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A setting that can be made for the whole platform while it runs. But for {@link #CROSS_REGION} each goes before the key
 * of the same name in the nodes' own configuration.
 *
 * @param name such as {@code session.queued-bytes-max}
 * @param kind how a value is read
 * @param allowed the values that are, for a reader
 * @param description what it says, in one line
 */
public record SettingKey<T>(String name, Kind<T> kind, String allowed, String description) {

    public static final SettingKey<String> CROSS_REGION = new SettingKey<>(
            CrossRegion.KEY,
            Kind.oneOf(List.of(CrossRegion.INTEREST, CrossRegion.LISTED)),
            "interest or listed",
            "what goes to other regions: whatever is wanted there, or global topics only");

    public static final SettingKey<String> VISIBILITY = new SettingKey<>(
            "subscribe.visibility",
            Kind.oneOf(List.of("local", "zone")),
            "local or zone",
            "where a subscription is known before it is acknowledged");

    public static final SettingKey<Integer> IN_FLIGHT_MAX = new SettingKey<>(
            "session.in-flight-max",
            Kind.between(1, 65_535, Kind.WHOLE_NUMBER),
            "1 to 65535",
            "messages sent to a client and not acknowledged; from its next connection on");

    public static final SettingKey<Integer> QUEUED_MESSAGES_MAX = new SettingKey<>(
            "session.queued-messages-max",
            Kind.between(0, 10_000_000, Kind.WHOLE_NUMBER),
            "0 to 10000000",
            "messages waiting for one client");

    public static final SettingKey<Long> QUEUED_BYTES_MAX = new SettingKey<>(
            "session.queued-bytes-max",
            Kind.between(0L, 1L << 40, Kind.BYTES),
            "0 to 1TB",
            "bytes of messages waiting for one client");

    public static final SettingKey<Integer> SUBSCRIPTIONS_MAX = new SettingKey<>(
            "session.subscriptions-max",
            Kind.between(1, 10_000_000, Kind.WHOLE_NUMBER),
            "1 to 10000000",
            "topic filters of one client");

    public static final SettingKey<Optional<Duration>> EXPIRY_MAX = new SettingKey<>(
            "session.expiry-max",
            Kind.DURATION_OR_NEVER,
            "a duration such as 7d, or never",
            "longest life of a session without a connection; from its client's next connection on");

    public static final SettingKey<Long> MAXIMUM_PACKET_SIZE = new SettingKey<>(
            "connection.maximum-packet-size",
            Kind.between(1L << 10, 268_435_455L + 5, Kind.BYTES),
            "1KB to 268435460",
            "largest packet a client may send; for connections made from then on");

    /** The most that {@link #CONNECTIONS} can be. */
    public static final int CONNECTIONS_MAX = 10_000_000;

    public static final SettingKey<Integer> CONNECTIONS = new SettingKey<>(
            "limits.connections",
            Kind.between(1, CONNECTIONS_MAX, Kind.WHOLE_NUMBER),
            "1 to 10000000",
            "clients connected to one node at once");

    /** Every one there is. */
    public static final List<SettingKey<?>> ALL = List.of(
            CROSS_REGION,
            VISIBILITY,
            IN_FLIGHT_MAX,
            QUEUED_MESSAGES_MAX,
            QUEUED_BYTES_MAX,
            SUBSCRIPTIONS_MAX,
            EXPIRY_MAX,
            MAXIMUM_PACKET_SIZE,
            CONNECTIONS);

    /**
     * The key with this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static SettingKey<?> named(String name) {
        return ALL.stream()
                .filter(key -> key.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no setting \"" + name + "\" for the whole platform, there are "
                                + ALL.stream().map(SettingKey::name).collect(Collectors.joining(", "))));
    }

    /**
     * A value in the shortest form.
     *
     * @throws IllegalArgumentException if it is none; the message says which are
     */
    public String check(String value) {
        try {
            return kind.show().apply(kind.parse().apply(value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": \"" + value + "\" " + e.getMessage() + "; allowed: " + allowed, e);
        }
    }

    /**
     * What is set for the whole platform; empty if nothing is.
     *
     * @throws IllegalArgumentException if a later version of the platform has written what this one cannot read
     */
    public Optional<T> in(PlatformSettings settings) {
        return settings.value(name).map(kind.parse());
    }
}
