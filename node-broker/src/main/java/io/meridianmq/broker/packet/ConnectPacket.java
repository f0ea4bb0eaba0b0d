package io.meridianmq.broker.packet;

import java.util.Optional;

/**
 * A client asks to be connected (MQTT 5, section 3.1).
 *
 * @param version version the client speaks
 * @param cleanStart whether the client wants a new session; Clean Session before version 5
 * @param keepAliveSeconds longest silence of the client; 0 for no limit
 * @param clientIdentifier empty if the server is to choose one
 * @param will published for the client when it is gone
 * @param userName identifies who connects
 * @param password any bytes; never written to a log
 * @param properties those of version 5
 */
public record ConnectPacket(
        ProtocolVersion version,
        boolean cleanStart,
        int keepAliveSeconds,
        String clientIdentifier,
        Optional<Will> will,
        Optional<String> userName,
        Optional<BinaryData> password,
        ConnectProperties properties)
        implements Packet {

    @Override
    public PacketType type() {
        return PacketType.CONNECT;
    }

    /** The same without its password, to be kept for longer. */
    public ConnectPacket withoutPassword() {
        return password.isEmpty()
                ? this
                : new ConnectPacket(
                        version,
                        cleanStart,
                        keepAliveSeconds,
                        clientIdentifier,
                        will,
                        userName,
                        Optional.empty(),
                        properties);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "CONNECT[" + version + ", client " + clientIdentifier + (cleanStart ? ", clean start" : "")
                + ", keep alive " + keepAliveSeconds + " s" + (will.isPresent() ? ", will" : "")
                + (userName.isPresent() ? ", user " + userName.get() : "") + "]";
    }
}
