package io.meridianmq.fabric.config;

/**
 * Where a process serves metrics and health.
 *
 * @param bind address to listen on; port 0: any free port
 */
public record HttpConfig(HostPort bind) {

    public static HttpConfig read(Section section, HostPort defaultBind) {
        return new HttpConfig(section.hostPort("bind", defaultBind));
    }
}
