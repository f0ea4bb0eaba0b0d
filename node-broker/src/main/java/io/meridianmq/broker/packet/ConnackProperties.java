package io.meridianmq.broker.packet;

import io.meridianmq.core.publication.Qos;
import java.util.List;
import java.util.Optional;

/**
 * What a CONNACK of MQTT 5 tells the client (section 3.2.2.3). Made with {@link #builder()}.
 *
 * @param sessionExpiryIntervalSeconds what the server uses; {@link Properties#ABSENT} for what the client asked for
 * @param receiveMaximum how many QoS 1 and 2 publications the server processes at a time, 1 to 65,535
 * @param maximumQos highest QoS the server takes
 * @param retainAvailable whether the server keeps retained messages
 * @param maximumPacketSize size in bytes of the largest packet the server accepts; {@link Packet#SIZE_MAX} when absent
 * @param assignedClientIdentifier empty if the client chose its own
 * @param topicAliasMaximum highest topic alias the server accepts; 0 for none
 * @param reasonString for people to read; empty for none
 * @param userProperties in order
 * @param wildcardSubscriptionAvailable whether filters may have wildcards
 * @param subscriptionIdentifiersAvailable whether subscriptions may have identifiers
 * @param sharedSubscriptionAvailable whether subscriptions may be shared
 * @param serverKeepAliveSeconds replaces the client's keep alive; {@link Properties#ABSENT} if it stands
 * @param responseInformation basis for response topics; empty for none
 * @param serverReference where to go instead; empty for nowhere
 * @param authentication last step of enhanced authentication
 */
public record ConnackProperties(
        long sessionExpiryIntervalSeconds,
        int receiveMaximum,
        Qos maximumQos,
        boolean retainAvailable,
        int maximumPacketSize,
        String assignedClientIdentifier,
        int topicAliasMaximum,
        String reasonString,
        List<UserProperty> userProperties,
        boolean wildcardSubscriptionAvailable,
        boolean subscriptionIdentifiersAvailable,
        boolean sharedSubscriptionAvailable,
        int serverKeepAliveSeconds,
        String responseInformation,
        String serverReference,
        Optional<Authentication> authentication) {

    /** What a CONNACK without properties means. */
    public static final ConnackProperties NONE = builder().build();

    public ConnackProperties {
        userProperties = List.copyOf(userProperties);
    }

    /** Starts from what a CONNACK without properties means. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what differs from {@link #NONE}. */
    public static final class Builder {

        private long sessionExpiryIntervalSeconds = Properties.ABSENT;
        private int receiveMaximum = Properties.RECEIVE_MAXIMUM_DEFAULT;
        private Qos maximumQos = Qos.EXACTLY_ONCE;
        private boolean retainAvailable = true;
        private int maximumPacketSize = Packet.SIZE_MAX;
        private String assignedClientIdentifier = "";
        private int topicAliasMaximum;
        private String reasonString = "";
        private List<UserProperty> userProperties = List.of();
        private boolean wildcardSubscriptionAvailable = true;
        private boolean subscriptionIdentifiersAvailable = true;
        private boolean sharedSubscriptionAvailable = true;
        private int serverKeepAliveSeconds = Properties.ABSENT;
        private String responseInformation = "";
        private String serverReference = "";
        private Optional<Authentication> authentication = Optional.empty();

        private Builder() {}

        public Builder sessionExpiryIntervalSeconds(long seconds) {
            sessionExpiryIntervalSeconds = seconds;
            return this;
        }

        public Builder receiveMaximum(int count) {
            receiveMaximum = count;
            return this;
        }

        public Builder maximumQos(Qos qos) {
            maximumQos = qos;
            return this;
        }

        public Builder retainAvailable(boolean available) {
            retainAvailable = available;
            return this;
        }

        public Builder maximumPacketSize(int bytes) {
            maximumPacketSize = bytes;
            return this;
        }

        public Builder assignedClientIdentifier(String identifier) {
            assignedClientIdentifier = identifier;
            return this;
        }

        public Builder topicAliasMaximum(int highest) {
            topicAliasMaximum = highest;
            return this;
        }

        public Builder reasonString(String reason) {
            reasonString = reason;
            return this;
        }

        public Builder userProperties(List<UserProperty> properties) {
            userProperties = List.copyOf(properties);
            return this;
        }

        public Builder wildcardSubscriptionAvailable(boolean available) {
            wildcardSubscriptionAvailable = available;
            return this;
        }

        public Builder subscriptionIdentifiersAvailable(boolean available) {
            subscriptionIdentifiersAvailable = available;
            return this;
        }

        public Builder sharedSubscriptionAvailable(boolean available) {
            sharedSubscriptionAvailable = available;
            return this;
        }

        public Builder serverKeepAliveSeconds(int seconds) {
            serverKeepAliveSeconds = seconds;
            return this;
        }

        public Builder responseInformation(String information) {
            responseInformation = information;
            return this;
        }

        public Builder serverReference(String reference) {
            serverReference = reference;
            return this;
        }

        public Builder authentication(Authentication step) {
            authentication = Optional.of(step);
            return this;
        }

        public ConnackProperties build() {
            return new ConnackProperties(
                    sessionExpiryIntervalSeconds,
                    receiveMaximum,
                    maximumQos,
                    retainAvailable,
                    maximumPacketSize,
                    assignedClientIdentifier,
                    topicAliasMaximum,
                    reasonString,
                    userProperties,
                    wildcardSubscriptionAvailable,
                    subscriptionIdentifiersAvailable,
                    sharedSubscriptionAvailable,
                    serverKeepAliveSeconds,
                    responseInformation,
                    serverReference,
                    authentication);
        }
    }
}
