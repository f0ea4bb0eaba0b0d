package io.meridianmq.broker.listener;

/** What carries MQTT to a listener. */
enum Carrier {
    TCP("tcp", false, false),
    TLS("tls", true, false),
    WEBSOCKET("websocket", false, true),
    SECURE_WEBSOCKET("secure-websocket", true, true);

    /** The key that says at which address. */
    final String key;

    final boolean isEncrypted;
    final boolean isWebSocket;

    Carrier(String key, boolean isEncrypted, boolean isWebSocket) {
        this.key = key;
        this.isEncrypted = isEncrypted;
        this.isWebSocket = isWebSocket;
    }
}
