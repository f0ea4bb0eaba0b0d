package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.UserProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes values of the properties of a PUBLISH (MQTT 5, section 3.3.2.3) or of a will (section 3.1.3.2). The publish path
 * does without; this is for those who look into a message.
 */
public final class PublishPropertiesDecoder {

    private final boolean ofWill;
    private int payloadFormatIndicator = Properties.ABSENT;
    private long messageExpiryIntervalSeconds = Properties.ABSENT;
    private long willDelayIntervalSeconds;
    private int topicAlias;
    private String responseTopic = "";
    private Optional<BinaryData> correlationData = Optional.empty();
    private Optional<String> contentType = Optional.empty();
    private final List<Integer> subscriptionIdentifiers = new ArrayList<>();
    private List<UserProperty> userProperties = List.of();

    private PublishPropertiesDecoder(boolean ofWill) {
        this.ofWill = ofWill;
    }

    /** Starts on the properties of a will, which may have a delay. */
    static PublishPropertiesDecoder ofWill() {
        return new PublishPropertiesDecoder(true);
    }

    /** Returns the properties of a packet that has been decoded. */
    public static PublishProperties read(PublishPacket packet) {
        if (packet.propertiesLength() == 0) {
            return PublishProperties.NONE;
        }
        var start = packet.propertiesStart();
        var in = new FrameReader(packet.frame(), start, start + packet.propertiesLength());
        var decoder = new PublishPropertiesDecoder(false);
        decoder.read(new PropertyReader("PUBLISH", in, packet.propertiesLength()));
        return decoder.finish();
    }

    void read(PropertyReader properties) {
        while (properties.next()) {
            if (!belongs(properties.identifier())) {
                throw properties.notAllowed();
            }
            switch (properties.identifier()) {
                case Property.PAYLOAD_FORMAT_INDICATOR -> payloadFormatIndicator = properties.readFlag() ? 1 : 0;
                case Property.MESSAGE_EXPIRY_INTERVAL ->
                    messageExpiryIntervalSeconds = properties.readFourByteInteger();
                case Property.CONTENT_TYPE -> contentType = Optional.of(properties.readString());
                case Property.RESPONSE_TOPIC -> responseTopic = properties.readTopicName(); // [MQTT-3.3.2-14]
                case Property.CORRELATION_DATA -> correlationData = Optional.of(properties.readBinaryData());
                case Property.USER_PROPERTY -> properties.keepUserProperty();
                case Property.WILL_DELAY_INTERVAL -> willDelayIntervalSeconds = properties.readFourByteInteger();
                case Property.TOPIC_ALIAS -> topicAlias = properties.readTopicAlias();
                case Property.SUBSCRIPTION_IDENTIFIER ->
                    subscriptionIdentifiers.add(properties.readSubscriptionIdentifier());
                default -> throw properties.notAllowed();
            }
        }
        userProperties = properties.userProperties();
    }

    /** Whether a property that only one of will and PUBLISH may have is where it may be. */
    private boolean belongs(int identifier) {
        return switch (identifier) {
            case Property.WILL_DELAY_INTERVAL -> ofWill;
            case Property.TOPIC_ALIAS, Property.SUBSCRIPTION_IDENTIFIER -> !ofWill;
            default -> true;
        };
    }

    long willDelayIntervalSeconds() {
        return willDelayIntervalSeconds;
    }

    PublishProperties finish() {
        return new PublishProperties(
                payloadFormatIndicator,
                messageExpiryIntervalSeconds,
                topicAlias,
                responseTopic,
                correlationData,
                userProperties,
                subscriptionIdentifiers,
                contentType);
    }
}
