package io.meridianmq.cli;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a quality of service: 0, 1 or 2. */
final class QosConverter implements ITypeConverter<MqttQos> {
    @Override
    public MqttQos convert(String text) {
        return switch (text) {
            case "0" -> MqttQos.AT_MOST_ONCE;
            case "1" -> MqttQos.AT_LEAST_ONCE;
            case "2" -> MqttQos.EXACTLY_ONCE;
            default -> throw new TypeConversionException("expected 0, 1 or 2 but was \"" + text + "\"");
        };
    }
}
