package io.meridianmq.broker.front;

import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.ReasonCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/**
 * The last word to a client, as far as its version of MQTT has one, after which the channel closes. Belongs to the
 * connection's loop.
 */
final class Farewell {

    private final Channel channel;
    private final Output output;
    private final ConnectionMetrics metrics;

    Farewell(Channel channel, Output output, ConnectionMetrics metrics) {
        this.channel = channel;
        this.output = output;
        this.metrics = metrics;
    }

    /** To a client that has not had its CONNACK. */
    void refuse(ReasonCode reasonCode, ConnackProperties properties) {
        metrics.ended(reasonCode);
        if (canRefuseWith(reasonCode)) {
            // [MQTT3-3.2.2-4]
            var _ = output.writeLast(new ConnackPacket(false, reasonCode, properties)) // [MQTT-3.2.2-6]
                    .addListener(ChannelFutureListener.CLOSE); // [MQTT-3.2.2-7] [MQTT3-3.2.2-5] [MQTT-4.13.2-1]
        } else {
            var _ = channel.close();
        }
    }

    /** To a client that is connected. */
    void disconnect(ReasonCode reasonCode, DisconnectProperties properties) {
        metrics.ended(reasonCode);
        if (output.encoder().version().hasProperties()) { // [MQTT-3.14.0-1]
            var _ = output.writeLast(new DisconnectPacket(reasonCode, properties)) // [MQTT-3.14.4-2]
                    .addListener(ChannelFutureListener.CLOSE);
        } else {
            var _ = output.endOfOutput().addListener(ChannelFutureListener.CLOSE);
        }
    }

    private boolean canRefuseWith(ReasonCode reasonCode) {
        return output.encoder().version().hasProperties()
                ? reasonCode.isAllowedIn(PacketType.CONNACK) // [MQTT-3.2.2-8]
                : isKnownToMqtt3(reasonCode); // [MQTT3-3.2.2-6] [MQTT3-3.1.4-1]
    }

    /** The reasons that a CONNACK of MQTT 3 can give (MQTT 3.1.1, section 3.2.2.3). */
    private static boolean isKnownToMqtt3(ReasonCode reasonCode) {
        return switch (reasonCode) {
            case UNSUPPORTED_PROTOCOL_VERSION,
                    CLIENT_IDENTIFIER_NOT_VALID,
                    SERVER_UNAVAILABLE,
                    SERVER_BUSY,
                    QUOTA_EXCEEDED,
                    BAD_USER_NAME_OR_PASSWORD,
                    NOT_AUTHORIZED -> true;
            default -> false; // Not a closed family here: everything else has no number in MQTT 3.
        };
    }
}
