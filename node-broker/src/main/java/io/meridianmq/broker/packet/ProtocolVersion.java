package io.meridianmq.broker.packet;

/** The versions of MQTT that a client may speak, as named in its CONNECT. */
public enum ProtocolVersion {
    MQTT_3_1(3, "MQIsdp"),
    MQTT_3_1_1(4, "MQTT"),
    MQTT_5(5, "MQTT");

    private final int level;
    private final String protocolName;

    ProtocolVersion(int level, String protocolName) {
        this.level = level;
        this.protocolName = protocolName;
    }

    /** Returns the protocol level byte of CONNECT: 3, 4 or 5. */
    public int level() {
        return level;
    }

    /** Returns the protocol name of CONNECT, {@code MQTT} or, before 3.1.1, {@code MQIsdp}. [MQTT-3.1.2-1] */
    public String protocolName() {
        return protocolName;
    }

    /** Whether packets carry properties and reason codes, which version 5 introduced. */
    public boolean hasProperties() {
        return this == MQTT_5;
    }
}
