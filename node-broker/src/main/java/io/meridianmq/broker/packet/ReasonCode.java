package io.meridianmq.broker.packet;

import static io.meridianmq.broker.packet.PacketType.AUTH;
import static io.meridianmq.broker.packet.PacketType.CONNACK;
import static io.meridianmq.broker.packet.PacketType.DISCONNECT;
import static io.meridianmq.broker.packet.PacketType.PUBACK;
import static io.meridianmq.broker.packet.PacketType.PUBCOMP;
import static io.meridianmq.broker.packet.PacketType.PUBREC;
import static io.meridianmq.broker.packet.PacketType.PUBREL;
import static io.meridianmq.broker.packet.PacketType.SUBACK;
import static io.meridianmq.broker.packet.PacketType.UNSUBACK;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The reason codes of MQTT 5 (section 2.4, table 2-6), each with the packets that may carry it.
 *
 * <p>0x00 has three names in the specification: Success, Normal disconnection and Granted QoS 0; here it is one
 * constant with two further names. Connections that speak 3.1 or 3.1.1 use the same codes inside the broker; only the
 * encoder knows their older numbers.
 */
public enum ReasonCode {
    SUCCESS(0x00, "Success", CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH),
    GRANTED_QOS_1(0x01, "Granted QoS 1", SUBACK),
    GRANTED_QOS_2(0x02, "Granted QoS 2", SUBACK),
    DISCONNECT_WITH_WILL_MESSAGE(0x04, "Disconnect with Will Message", DISCONNECT),
    NO_MATCHING_SUBSCRIBERS(0x10, "No matching subscribers", PUBACK, PUBREC),
    NO_SUBSCRIPTION_EXISTED(0x11, "No subscription existed", UNSUBACK),
    CONTINUE_AUTHENTICATION(0x18, "Continue authentication", AUTH),
    RE_AUTHENTICATE(0x19, "Re-authenticate", AUTH),
    UNSPECIFIED_ERROR(0x80, "Unspecified error", CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),
    MALFORMED_PACKET(0x81, "Malformed Packet", CONNACK, DISCONNECT),
    PROTOCOL_ERROR(0x82, "Protocol Error", CONNACK, DISCONNECT),
    IMPLEMENTATION_SPECIFIC_ERROR(
            0x83, "Implementation specific error", CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),
    UNSUPPORTED_PROTOCOL_VERSION(0x84, "Unsupported Protocol Version", CONNACK),
    CLIENT_IDENTIFIER_NOT_VALID(0x85, "Client Identifier not valid", CONNACK),
    BAD_USER_NAME_OR_PASSWORD(0x86, "Bad User Name or Password", CONNACK),
    NOT_AUTHORIZED(0x87, "Not authorized", CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT),
    SERVER_UNAVAILABLE(0x88, "Server unavailable", CONNACK),
    SERVER_BUSY(0x89, "Server busy", CONNACK, DISCONNECT),
    BANNED(0x8A, "Banned", CONNACK),
    SERVER_SHUTTING_DOWN(0x8B, "Server shutting down", DISCONNECT),
    BAD_AUTHENTICATION_METHOD(0x8C, "Bad authentication method", CONNACK, DISCONNECT),
    KEEP_ALIVE_TIMEOUT(0x8D, "Keep Alive timeout", DISCONNECT),
    SESSION_TAKEN_OVER(0x8E, "Session taken over", DISCONNECT),
    TOPIC_FILTER_INVALID(0x8F, "Topic Filter invalid", SUBACK, UNSUBACK, DISCONNECT),
    TOPIC_NAME_INVALID(0x90, "Topic Name invalid", CONNACK, PUBACK, PUBREC, DISCONNECT),
    PACKET_IDENTIFIER_IN_USE(0x91, "Packet Identifier in use", PUBACK, PUBREC, SUBACK, UNSUBACK),
    PACKET_IDENTIFIER_NOT_FOUND(0x92, "Packet Identifier not found", PUBREL, PUBCOMP),
    RECEIVE_MAXIMUM_EXCEEDED(0x93, "Receive Maximum exceeded", DISCONNECT),
    TOPIC_ALIAS_INVALID(0x94, "Topic Alias invalid", DISCONNECT),
    PACKET_TOO_LARGE(0x95, "Packet too large", CONNACK, DISCONNECT),
    MESSAGE_RATE_TOO_HIGH(0x96, "Message rate too high", DISCONNECT),
    QUOTA_EXCEEDED(0x97, "Quota exceeded", CONNACK, PUBACK, PUBREC, SUBACK, DISCONNECT),
    ADMINISTRATIVE_ACTION(0x98, "Administrative action", DISCONNECT),
    PAYLOAD_FORMAT_INVALID(0x99, "Payload format invalid", CONNACK, PUBACK, PUBREC, DISCONNECT),
    RETAIN_NOT_SUPPORTED(0x9A, "Retain not supported", CONNACK, DISCONNECT),
    QOS_NOT_SUPPORTED(0x9B, "QoS not supported", CONNACK, DISCONNECT),
    USE_ANOTHER_SERVER(0x9C, "Use another server", CONNACK, DISCONNECT),
    SERVER_MOVED(0x9D, "Server moved", CONNACK, DISCONNECT),
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9E, "Shared Subscriptions not supported", SUBACK, DISCONNECT),
    CONNECTION_RATE_EXCEEDED(0x9F, "Connection rate exceeded", CONNACK, DISCONNECT),
    MAXIMUM_CONNECT_TIME(0xA0, "Maximum connect time", DISCONNECT),
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1, "Subscription Identifiers not supported", SUBACK, DISCONNECT),
    WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED(0xA2, "Wildcard Subscriptions not supported", SUBACK, DISCONNECT);

    /** What DISCONNECT calls 0x00. */
    public static final ReasonCode NORMAL_DISCONNECTION = SUCCESS;

    /** What SUBACK calls 0x00. */
    public static final ReasonCode GRANTED_QOS_0 = SUCCESS;

    private static final int FIRST_FAILURE = 0x80;
    private static final List<Optional<ReasonCode>> BY_CODE = indexByCode();

    private final int code;
    private final String text;
    private final int carriers; // one bit for each packet type, by its code

    ReasonCode(int code, String text, PacketType... carriers) {
        this.code = code;
        this.text = text;
        var bits = 0;
        for (var carrier : carriers) {
            bits |= 1 << carrier.code();
        }
        this.carriers = bits;
    }

    /** Returns the number on the wire, 0x00 to 0xA2. */
    public int code() {
        return code;
    }

    /** Returns the name the specification gives it, for people to read. */
    public String text() {
        return text;
    }

    /** Whether the operation failed. */
    public boolean isFailure() {
        return code >= FIRST_FAILURE;
    }

    /** Whether a packet of this type may carry this code. */
    public boolean isAllowedIn(PacketType packet) {
        return (carriers & (1 << packet.code())) != 0;
    }

    /** Returns the code with this number; empty if the specification defines none. */
    public static Optional<ReasonCode> find(int code) {
        return code >= 0 && code < BY_CODE.size() ? BY_CODE.get(code) : Optional.empty();
    }

    private static List<Optional<ReasonCode>> indexByCode() {
        var index = new ArrayList<Optional<ReasonCode>>();
        for (var reason : values()) {
            while (index.size() < reason.code) {
                index.add(Optional.empty());
            }
            index.add(Optional.of(reason));
        }
        return List.copyOf(index);
    }
}
