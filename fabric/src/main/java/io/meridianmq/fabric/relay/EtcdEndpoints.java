package io.meridianmq.fabric.relay;

import io.meridianmq.fabric.config.HostPort;
import java.util.List;

/**
 * Where one directory of a gateway is.
 *
 * @param name for logs and metrics: {@code region} or {@code global}
 * @param etcd client addresses of one etcd cluster's members
 */
public record EtcdEndpoints(String name, List<HostPort> etcd) {

    public EtcdEndpoints {
        etcd = List.copyOf(etcd);
    }
}
