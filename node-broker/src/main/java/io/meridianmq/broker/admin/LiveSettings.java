package io.meridianmq.broker.admin;

import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.mesh.Visibility;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.fabric.config.Kind;
import io.meridianmq.fabric.settings.SettingKey;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node goes by of all that can be set for the whole platform while it runs: the platform's value where there is
 * one, else what its own configuration says. Any thread may read; {@link #follow} is for one.
 */
public final class LiveSettings {

    private static final Logger log = LoggerFactory.getLogger(LiveSettings.class);

    private final Values own;

    /** Replaced by {@link #follow}, read by any thread. */
    private volatile Values values;

    /**
     * What the node goes by.
     *
     * @param connections clients connected at once
     */
    public record Values(
            Visibility visibility, SessionLimits session, ConnectionSettings connection, int connections) {}

    /** @param own as the node's configuration says */
    public LiveSettings(Values own) {
        this.own = own;
        this.values = own;
    }

    /** Goes by another version from now on; what it does not set is as the node's configuration says. */
    public void follow(PlatformSettings settings) {
        values = new Values(
                read(settings, SettingKey.VISIBILITY)
                        .map(Kind.oneOf(Visibility.class).parse())
                        .orElse(own.visibility()),
                session(settings),
                connection(settings),
                read(settings, SettingKey.CONNECTIONS).orElse(own.connections()));
        log.info(
                "follows version {} of the platform's settings: {}; {} global topics",
                settings.version(),
                settings.values(),
                settings.topics().size());
    }

    /** Where a subscription is known before it is acknowledged. */
    public Visibility visibility() {
        return values.visibility();
    }

    /** What one session may hold. */
    public SessionLimits session() {
        return values.session();
    }

    /** What a new connection may do, as far as its listener does not say so itself. */
    public ConnectionSettings connection() {
        return values.connection();
    }

    /** Clients connected at once. */
    public int connections() {
        return values.connections();
    }

    private SessionLimits session(PlatformSettings settings) {
        var limits = own.session();
        return new SessionLimits(
                read(settings, SettingKey.IN_FLIGHT_MAX).orElse(limits.inFlightMax()),
                read(settings, SettingKey.QUEUED_MESSAGES_MAX).orElse(limits.queuedMessagesMax()),
                read(settings, SettingKey.QUEUED_BYTES_MAX).orElse(limits.queuedBytesMax()),
                read(settings, SettingKey.SUBSCRIPTIONS_MAX).orElse(limits.subscriptionsMax()),
                read(settings, SettingKey.EXPIRY_MAX)
                        .map(longest -> longest.map(time -> Math.min(time.toSeconds(), Session.NEVER_EXPIRES))
                                .orElse(Session.NEVER_EXPIRES))
                        .orElse(limits.sessionExpirySecondsMax()));
    }

    private ConnectionSettings connection(PlatformSettings settings) {
        var connection = own.connection();
        return read(settings, SettingKey.MAXIMUM_PACKET_SIZE)
                .map(bytes -> connection.withMaximumPacketSize(Math.toIntExact(bytes)))
                .orElse(connection);
    }

    private static <T> Optional<T> read(PlatformSettings settings, SettingKey<T> key) {
        try {
            return key.in(settings);
        } catch (IllegalArgumentException e) {
            log.warn(
                    "{} of the platform's settings {}: the node goes by its own configuration",
                    key.name(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
