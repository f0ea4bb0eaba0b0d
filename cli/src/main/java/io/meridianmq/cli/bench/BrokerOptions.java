package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.Transport;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which broker is measured, and from where. */
final class BrokerOptions {

    private static final int RUN_RADIX = 36;
    private static final int RUN_DIGITS = 4;
    private static final int PORT_MAX = 65_535;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The broker's. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            defaultValue = "1883",
            description = "The broker's. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--to-host",
            paramLabel = "HOST",
            description = "Where the subscribers of cross-region and reach connect. Default: as --host.")
    private @Nullable String toHost;

    @Option(
            names = "--to-port",
            paramLabel = "PORT",
            description = "Where the subscribers of cross-region and reach connect. Default: as --port.")
    private @Nullable Integer toPort;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "The broker's process on this machine, whose processor time and memory are measured.")
    private @Nullable Long brokerProcess;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops of this program. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--tls", description = "Encrypt, and trust whom Java trusts.")
    private boolean tls;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Encrypt, and trust the authorities in this PEM file alone.")
    private @Nullable Path authority;

    @Option(names = "--websocket", description = "Through WebSockets, at the path /mqtt.")
    private boolean webSocket;

    /** @throws IllegalArgumentException if there is no such host */
    InetSocketAddress broker() {
        return address(host, port);
    }

    /**
     * Where the subscribers of two brokers are.
     *
     * @throws IllegalArgumentException if there is no such host
     */
    InetSocketAddress second() {
        return address(toHost == null ? host : toHost, toPort == null ? port : toPort);
    }

    /** @throws IllegalArgumentException if the file of authorities cannot be read */
    Transport transport() {
        return new Transport(tls || authority != null ? Optional.of(encryption()) : Optional.empty(), webSocket);
    }

    private SslContext encryption() {
        var context = SslContextBuilder.forClient();
        try {
            if (authority != null) {
                context.trustManager(authority.toFile());
            }
            return context.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("no encryption: " + e.getMessage(), e);
        }
    }

    OptionalLong process() {
        return brokerProcess == null ? OptionalLong.empty() : OptionalLong.of(brokerProcess);
    }

    int threads() {
        return threads;
    }

    private static InetSocketAddress address(String host, int port) {
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("a port is from 1 to " + PORT_MAX + " but was " + port);
        }
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the host \"" + host + "\" has no address");
        }
        return address;
    }

    /** In client identifiers and topics, so that two runs do not hear each other. */
    static String randomRun() {
        var number = RandomGenerator.getDefault().nextLong(Math.powExact((long) RUN_RADIX, RUN_DIGITS));
        var digits = Long.toString(number, RUN_RADIX);
        return "0".repeat(RUN_DIGITS - digits.length()) + digits;
    }
}
