package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import java.util.Optional;

/** Puts the two properties of enhanced authentication together (MQTT 5, section 4.12). */
final class AuthenticationReader {

    private Optional<String> method = Optional.empty();
    private BinaryData data = BinaryData.EMPTY;

    void readMethod(PropertyReader properties) {
        method = Optional.of(properties.readString());
    }

    void readData(PropertyReader properties) {
        data = properties.readBinaryData();
    }

    /** Returns what was there; empty if no method was. */
    Optional<Authentication> finish(PropertyReader properties) {
        if (method.isEmpty() && properties.hasSeen(Property.AUTHENTICATION_DATA)) {
            throw ProtocolException.protocolError("authentication data without an authentication method");
        }
        return method.map(name -> new Authentication(name, data));
    }
}
