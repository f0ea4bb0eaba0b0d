package io.meridianmq.fabric.config;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * A network address as configuration writes it: {@code 127.0.0.1:1883}, {@code broker.example:1883}, {@code [::1]:1883}.
 *
 * @param host name or address, without brackets
 * @param port 0 to 65535; 0 lets the system choose a free port to listen on
 */
public record HostPort(String host, int port) {

    private static final Pattern WRITTEN =
            Pattern.compile("(?:\\[([0-9a-fA-F:.%a-z]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");

    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(?:\\.[0-9]{1,3}){3}");

    public HostPort {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if the text is not host:port; the message continues the quoted text: "is not ..."
     */
    public static HostPort parse(String text) {
        var matcher = WRITTEN.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            throw new IllegalArgumentException(
                    "is not an address: write host:port with a port of at most 65535, for example 127.0.0.1:1883");
        }
        var host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new HostPort(host, Integer.parseInt(matcher.group(3)));
    }

    /** Whether only processes on the same machine can connect here. */
    public boolean isLoopback() {
        return host.equals("localhost") || LOOPBACK_V4.matcher(host).matches() || host.equals("::1");
    }

    /** Whether this means every address of the machine, so that nobody else can use it to connect. */
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    public HostPort withPort(int actualPort) {
        return new HostPort(host, actualPort);
    }

    /** Resolves the host name now; the result is unresolved if that fails. */
    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
