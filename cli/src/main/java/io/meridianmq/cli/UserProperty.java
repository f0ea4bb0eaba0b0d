package io.meridianmq.cli;

import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A user property of an MQTT 5 packet; a name may occur more than once, and the order counts. */
record UserProperty(String name, String value) {

    static Mqtt5UserProperties packetOf(List<UserProperty> properties) {
        return Mqtt5UserProperties.of(properties.stream()
                .map(property -> Mqtt5UserProperty.of(property.name(), property.value()))
                .toList());
    }

    /** Reads {@code NAME=VALUE}. */
    static final class Converter implements ITypeConverter<UserProperty> {
        @Override
        public UserProperty convert(String text) {
            var equals = text.indexOf('=');
            if (equals < 1) {
                throw new TypeConversionException("expected NAME=VALUE but was \"" + text + "\"");
            }
            return new UserProperty(text.substring(0, equals), text.substring(equals + 1));
        }
    }
}
