package io.meridianmq.control;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Serves the admin interface over gRPC, with the standard services for health and reflection. Each call runs on a virtual
 * thread.
 *
 * <p>Its health is NOT_SERVING until {@link #serving}.
 */
final class AdminServer implements AutoCloseable {

    private static final int REQUEST_BYTES_MAX = 256 * 1024; // A topic takes up to 64 KB.
    private static final int CALLS_PER_CONNECTION_MAX = 100;
    private static final int CLOSE_SECONDS_MAX = 2;
    private static final String REFUSED = "meridian.admin.refused";
    private static final String REFUSED_DESCRIPTION =
            "Connections to the admin interface, and calls, that were refused";

    private final Server server;
    private final ExecutorService calls;
    private final HealthStatusManager health;

    /** Under which its health can be asked for. */
    private final List<String> names;

    private final HostPort address;
    private final TransportSecurity security;
    private final OperatorsOnly operatorsOnly;

    private AdminServer(
            Server server,
            ExecutorService calls,
            HealthStatusManager health,
            List<String> names,
            HostPort address,
            TransportSecurity security,
            OperatorsOnly operatorsOnly) {
        this.server = server;
        this.calls = calls;
        this.health = health;
        this.names = List.copyOf(names);
        this.address = address;
        this.security = security;
        this.operatorsOnly = operatorsOnly;
    }

    /**
     * Binds and starts to serve.
     *
     * @throws StartRefusedException if the address cannot be bound; the message names it
     */
    static AdminServer start(AdminConfig config, List<BindableService> services) {
        var bind = config.bind();
        var security = TransportSecurity.of(config.tls());
        var operatorsOnly = new OperatorsOnly();
        var calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("admin-", 0).factory());
        var health = new HealthStatusManager();
        var names = new ArrayList<>(List.of(HealthStatusManager.SERVICE_NAME_ALL_SERVICES));
        services.forEach(service ->
                names.add(service.bindService().getServiceDescriptor().getName()));
        names.forEach(name -> health.setStatus(name, ServingStatus.NOT_SERVING));
        var builder = security.server(bind.toSocketAddress())
                .intercept(operatorsOnly)
                .executor(calls)
                .maxInboundMessageSize(REQUEST_BYTES_MAX)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        services.forEach(builder::addService);
        var server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            calls.shutdownNow();
            throw new StartRefusedException(
                    "cannot serve the admin interface on " + bind + " (" + reason(e)
                            + "): end the process that uses the port, or set admin.bind to another address",
                    e);
        }
        return new AdminServer(server, calls, health, names, bind.withPort(server.getPort()), security, operatorsOnly);
    }

    /** Where it listens, with the actual port. */
    HostPort address() {
        return address;
    }

    /** Counts in meters who is refused. */
    void bindTo(MeterRegistry registry) {
        security.refusals().bindTo(registry, REFUSED, REFUSED_DESCRIPTION);
        FunctionCounter.builder(REFUSED, operatorsOnly, OperatorsOnly::refused)
                .description(REFUSED_DESCRIPTION)
                .tag("cause", "no_operator")
                .register(registry);
    }

    /** From here on its health is SERVING. Any thread may call, any number of times. */
    void serving() {
        names.forEach(name -> health.setStatus(name, ServingStatus.SERVING));
    }

    /** Lets calls that are under way end, for a moment. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        if (!isEnded()) {
            server.shutdownNow(); // Watchers do not end by themselves.
        }
        calls.shutdownNow();
    }

    private boolean isEnded() {
        try {
            return server.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the operating system says: gRPC wraps it. */
    private static String reason(IOException e) {
        var cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }
}
