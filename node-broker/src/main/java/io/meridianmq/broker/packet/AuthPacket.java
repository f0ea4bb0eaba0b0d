package io.meridianmq.broker.packet;

import java.util.List;
import java.util.Optional;

/**
 * One step of enhanced authentication, in version 5 alone (section 3.15).
 *
 * @param reasonCode Success, Continue authentication or Re-authenticate
 * @param authentication what the method says; empty only in the short form that means Success
 * @param reasonString for people to read; empty for none
 * @param userProperties in order
 */
public record AuthPacket(
        ReasonCode reasonCode,
        Optional<Authentication> authentication,
        String reasonString,
        List<UserProperty> userProperties)
        implements Packet {

    public AuthPacket {
        if (authentication.isEmpty() && reasonCode != ReasonCode.SUCCESS) {
            throw new IllegalArgumentException("AUTH with " + reasonCode + " needs an authentication method");
        }
        userProperties = List.copyOf(userProperties);
    }

    @Override
    public PacketType type() {
        return PacketType.AUTH;
    }
}
