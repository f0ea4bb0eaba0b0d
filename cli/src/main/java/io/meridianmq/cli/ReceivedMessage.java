package io.meridianmq.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;

/** How {@code sub} prints a message. */
final class ReceivedMessage {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private ReceivedMessage() {}

    /**
     * One JSON object on one line. The payload is {@code payload} if it is text, else {@code payloadBase64}; user
     * properties are a list of name and value, since a name may occur more than once.
     */
    static String toJson(Mqtt5Publish publish) {
        var object = new LinkedHashMap<String, Object>();
        object.put("topic", publish.getTopic().toString());
        object.put("qos", publish.getQos().getCode());
        object.put("retain", publish.isRetain());
        var payload = publish.getPayloadAsBytes();
        try {
            object.put(
                    "payload",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(payload))
                            .toString());
        } catch (CharacterCodingException _) {
            object.put("payloadBase64", Base64.getEncoder().encodeToString(payload));
        }
        publish.getMessageExpiryInterval().ifPresent(seconds -> object.put("expirySeconds", seconds));
        publish.getContentType().ifPresent(type -> object.put("contentType", type.toString()));
        publish.getResponseTopic().ifPresent(topic -> object.put("responseTopic", topic.toString()));
        object.put(
                "properties",
                publish.getUserProperties().asList().stream()
                        .map(property -> new UserProperty(
                                property.getName().toString(),
                                property.getValue().toString()))
                        .toList());
        return GSON.toJson(object);
    }
}
