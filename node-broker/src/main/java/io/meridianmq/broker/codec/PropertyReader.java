package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.UserProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Walks over the properties of a packet (MQTT 5, section 2.2.2).
 *
 * <p>{@code while (properties.next()) switch (properties.identifier()) ...}, with one read for each property that the
 * packet may have and {@code throw properties.notAllowed()} for all others. What may come once only is checked here.
 */
final class PropertyReader {

    private final String owner;
    private final FrameReader in;
    private long seen;
    private int identifier;
    private List<UserProperty> userProperties = List.of();

    /**
     * Takes the properties out of {@code packet}, which stands at their length.
     *
     * @param owner what has the properties, for messages
     */
    PropertyReader(String owner, FrameReader packet) {
        this(owner, packet, packet.readVariableByteInteger());
    }

    /** Takes the next {@code length} bytes of {@code packet} as properties. */
    PropertyReader(String owner, FrameReader packet, int length) {
        this.owner = owner;
        this.in = packet.section(length);
    }

    /** Goes to the next property, whose value must be read then; false if there is none. */
    boolean next() {
        if (in.remaining() == 0) {
            return false;
        }
        identifier = in.readVariableByteInteger();
        if (identifier >= Long.SIZE) {
            throw notAllowed();
        }
        var bit = 1L << identifier;
        if ((seen & bit) != 0 && !mayRepeat()) {
            throw ProtocolException.protocolError(describe() + " is there twice");
        }
        seen |= bit;
        return true;
    }

    private boolean mayRepeat() {
        return identifier == Property.USER_PROPERTY || identifier == Property.SUBSCRIPTION_IDENTIFIER;
    }

    int identifier() {
        return identifier;
    }

    boolean hasSeen(int property) {
        return (seen & (1L << property)) != 0;
    }

    /** Reads a byte that is 0 or 1. */
    boolean readFlag() {
        var value = in.readByte();
        if (value > 1) {
            throw ProtocolException.protocolError(describe() + " must be 0 or 1, not " + value);
        }
        return value == 1;
    }

    int readTwoByteInteger() {
        return in.readTwoByteInteger();
    }

    long readFourByteInteger() {
        return in.readFourByteInteger();
    }

    int readPositiveTwoByteInteger() {
        return (int) positive(in.readTwoByteInteger());
    }

    /** Reads a Maximum Packet Size; what is above the largest possible packet means no limit. */
    int readMaximumPacketSize() {
        return (int) Math.min(positive(in.readFourByteInteger()), Packet.SIZE_MAX);
    }

    int readSubscriptionIdentifier() {
        return (int) positive(in.readVariableByteInteger());
    }

    /** Reads an alias; 0 means none elsewhere, and is forbidden on the wire. [MQTT-3.3.2-8] */
    int readTopicAlias() {
        var alias = in.readTwoByteInteger();
        if (alias == 0) {
            throw new ProtocolException(ReasonCode.TOPIC_ALIAS_INVALID, "topic alias 0 is not allowed");
        }
        return alias;
    }

    String readString() {
        return in.readString();
    }

    void skipString() {
        in.skipString();
    }

    String readTopicName() {
        return in.readTopicName();
    }

    BinaryData readBinaryData() {
        return in.readBinaryData();
    }

    void skipBinaryData() {
        in.skip(in.readTwoByteInteger());
    }

    /** Reads a user property and keeps it for {@link #userProperties()}. */
    void keepUserProperty() {
        if (userProperties.isEmpty()) {
            userProperties = new ArrayList<>();
        }
        userProperties.add(new UserProperty(in.readString(), in.readString())); // [MQTT-1.5.7-1]
    }

    void skipUserProperty() { // [MQTT-1.5.7-1]
        in.skipString();
        in.skipString();
    }

    /** Returns the user properties so far, in order. [MQTT-3.3.2-18] */
    List<UserProperty> userProperties() {
        return userProperties;
    }

    /** The owner may not have this property. */
    ProtocolException notAllowed() {
        return ProtocolException.malformed(describe() + " is not allowed there"); // MQTT 5, section 2.2.2.2
    }

    private long positive(long value) {
        if (value == 0) {
            throw ProtocolException.protocolError(describe() + " must not be 0");
        }
        return value;
    }

    private String describe() {
        return "property 0x" + Integer.toHexString(identifier).toUpperCase(Locale.ROOT) + " in " + owner;
    }
}
