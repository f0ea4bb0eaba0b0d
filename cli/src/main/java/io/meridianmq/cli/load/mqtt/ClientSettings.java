package io.meridianmq.cli.load.mqtt;

import java.util.List;

/**
 * Who a client is, and what it does at every connect.
 *
 * @param sessionExpirySeconds how long its session outlives a connection; 0: it ends with it
 * @param keepAliveSeconds above 0
 * @param filters what it subscribes to whenever the broker has no session for it; may be none
 */
public record ClientSettings(String clientId, int sessionExpirySeconds, int keepAliveSeconds, List<Filter> filters) {

    /** A topic filter, and the highest QoS to receive with. */
    public record Filter(String topicFilter, int qos) {}

    public ClientSettings {
        filters = List.copyOf(filters);
    }
}
