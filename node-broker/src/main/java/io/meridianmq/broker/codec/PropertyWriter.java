package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.UserProperty;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/** Writes single properties (MQTT 5, section 2.2.2); what is at its default is left out by whoever calls. */
final class PropertyWriter {

    private PropertyWriter() {}

    static void writeByte(ByteBuf out, int property, int value) {
        out.writeByte(property).writeByte(value);
    }

    /** Writes 0 if the flag is not at its default of true. */
    static void writeUnlessTrue(ByteBuf out, int property, boolean flag) {
        if (!flag) {
            writeByte(out, property, 0);
        }
    }

    static void writeTwoByteInteger(ByteBuf out, int property, int value) {
        out.writeByte(property).writeShort(value);
    }

    /** Writes a number unless it is {@code absent}. */
    static void writeTwoByteInteger(ByteBuf out, int property, int value, int absent) {
        if (value != absent) {
            writeTwoByteInteger(out, property, value);
        }
    }

    /** Writes a number unless it is {@code absent}. */
    static void writeFourByteInteger(ByteBuf out, int property, long value, long absent) {
        if (value != absent) {
            out.writeByte(property).writeInt((int) value);
        }
    }

    static void writeVariableByteInteger(ByteBuf out, int property, int value) {
        out.writeByte(property);
        VariableByteInteger.write(out, value);
    }

    static void writeString(ByteBuf out, int property, String text) {
        out.writeByte(property);
        Utf8.write(out, text);
    }

    static void writeUnlessEmpty(ByteBuf out, int property, String text) {
        if (!text.isEmpty()) {
            writeString(out, property, text);
        }
    }

    static void writeBinaryData(ByteBuf out, int property, BinaryData data) {
        out.writeByte(property);
        writeBinaryData(out, data);
    }

    /** Writes bytes behind their length, not as a property. */
    static void writeBinaryData(ByteBuf out, BinaryData data) {
        if (data.length() > Utf8.BYTES_MAX) {
            throw new IllegalArgumentException("binary data of " + data.length() + " bytes does not fit: at most "
                    + Utf8.BYTES_MAX + " do, shorten it");
        }
        out.writeShort(data.length()).writeBytes(data.toByteArray());
    }

    static void writeUserProperties(ByteBuf out, List<UserProperty> properties) {
        for (var property : properties) {
            writeString(out, Property.USER_PROPERTY, property.name());
            Utf8.write(out, property.value());
        }
    }

    static void writeAuthentication(ByteBuf out, Optional<Authentication> authentication) {
        if (authentication.isPresent()) {
            writeString(
                    out, Property.AUTHENTICATION_METHOD, authentication.get().method());
            if (authentication.get().data().length() > 0) {
                writeBinaryData(
                        out, Property.AUTHENTICATION_DATA, authentication.get().data());
            }
        }
    }
}
