package io.meridianmq.core.session;

/** The MQTT 5 reason codes that a session uses by itself. */
final class ReasonCodes {

    static final int SUCCESS = 0x00;

    /** Codes from here on are errors. */
    static final int FIRST_ERROR = 0x80;

    static final int PACKET_IDENTIFIER_NOT_FOUND = 0x92;

    private ReasonCodes() {}
}
