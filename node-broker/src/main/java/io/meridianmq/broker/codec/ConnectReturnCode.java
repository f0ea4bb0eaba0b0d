package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ReasonCode;

/** The return codes of CONNACK before version 5 (MQTT 3.1.1, table 3.1), and the reason codes they stand for. */
final class ConnectReturnCode {

    private static final int UNACCEPTABLE_PROTOCOL_VERSION = 1;
    private static final int IDENTIFIER_REJECTED = 2;
    private static final int SERVER_UNAVAILABLE = 3;
    private static final int BAD_USER_NAME_OR_PASSWORD = 4;
    private static final int NOT_AUTHORIZED = 5;

    private ConnectReturnCode() {}

    /** Returns the nearest of the six codes; Server unavailable, which invites to try again, for what has none. */
    static int of(ReasonCode reason) {
        return switch (reason) {
            case SUCCESS -> 0;
            case UNSUPPORTED_PROTOCOL_VERSION -> UNACCEPTABLE_PROTOCOL_VERSION;
            case CLIENT_IDENTIFIER_NOT_VALID -> IDENTIFIER_REJECTED; // [MQTT3-3.1.3-9]
            case BAD_USER_NAME_OR_PASSWORD -> BAD_USER_NAME_OR_PASSWORD;
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> NOT_AUTHORIZED;
            default -> SERVER_UNAVAILABLE;
        };
    }

    /** Returns the reason code for a code that was received. */
    static ReasonCode toReason(int code) {
        return switch (code) {
            case 0 -> ReasonCode.SUCCESS;
            case UNACCEPTABLE_PROTOCOL_VERSION -> ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
            case IDENTIFIER_REJECTED -> ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case SERVER_UNAVAILABLE -> ReasonCode.SERVER_UNAVAILABLE;
            case BAD_USER_NAME_OR_PASSWORD -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
            case NOT_AUTHORIZED -> ReasonCode.NOT_AUTHORIZED;
            default -> throw ProtocolException.malformed("connect return code " + code + " is reserved");
        };
    }
}
