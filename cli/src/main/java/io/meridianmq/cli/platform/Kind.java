package io.meridianmq.cli.platform;

/** What a process of the platform is, in the order in which processes depend on each other. */
enum Kind {
    ETCD("etcd"),
    WAN_PROXY("wan-proxy"),
    GLOBAL_CONTROL("global-control"),
    REGION_GATEWAY("region-gateway"),
    ZONE_GATEWAY("zone-gateway"),
    NODE("node"),
    HAPROXY("haproxy");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
