package io.meridianmq.cli;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import io.meridianmq.cli.platform.AdminEndpoint;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.meridianmq.proto.admin.v1.ExplainRequest;
import io.meridianmq.proto.admin.v1.ExplainResponse;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.meridianmq.proto.admin.v1.WatchPlatformRequest;
import io.meridianmq.proto.admin.v1.WatchPlatformResponse;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.ExitCode;

/** Asks global-control. Its methods throw {@link Failed} with words for the user. */
final class AdminClient implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 5;
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private static final Identity GLOBAL_CONTROL = new Identity.Component(Place.GLOBAL);

    /** What gRPC says when the other end hangs up at once. */
    private static final String HUNG_UP = "Network closed for unknown reason";

    private final HostPort address;
    private final boolean encrypted;
    private final TransportSecurity security;
    private final ManagedChannel channel;
    private final PlatformGrpc.PlatformBlockingStub platform;

    AdminClient(AdminEndpoint endpoint) {
        this.address = endpoint.address();
        this.encrypted = endpoint.credentials().isPresent();
        this.security = endpoint.credentials()
                .map(own -> TransportSecurity.toward(GLOBAL_CONTROL, own))
                .orElseGet(() -> TransportSecurity.of(Optional.empty()));
        this.channel = security.channel("dns:///" + address)
                .maxInboundMessageSize(ANSWER_BYTES_MAX)
                .build();
        this.platform = PlatformGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Every component that is known now. */
    WatchPlatformResponse platform() {
        try {
            return platform.watchPlatform(WatchPlatformRequest.getDefaultInstance())
                    .next();
        } catch (StatusRuntimeException e) {
            throw failed(e);
        }
    }

    /** Where a message would go. */
    ExplainResponse explain(ExplainRequest request) {
        try {
            return platform.explain(request);
        } catch (StatusRuntimeException e) {
            throw failed(e);
        }
    }

    /** Any other call, of the service that {@code stubs} makes stubs of. */
    <S extends AbstractBlockingStub<S>, T> T ask(Function<Channel, S> stubs, Function<S, T> call) {
        try {
            return call.apply(stubs.apply(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            throw failed(e);
        }
    }

    /** A call whose answers do not end by themselves; returns when global-control ends it. */
    <S extends AbstractBlockingStub<S>, T> void follow(
            Function<Channel, S> stubs, Function<S, Iterator<T>> call, Consumer<T> onAnswer) {
        try {
            call.apply(stubs.apply(channel)).forEachRemaining(onAnswer);
        } catch (StatusRuntimeException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private Failed failed(StatusRuntimeException e) {
        var status = e.getStatus();
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return new Failed("global-control at " + address + " did not answer within " + PATIENCE_SECONDS + " s", e);
        }
        if (!encrypted && HUNG_UP.equals(status.getDescription())) {
            return new Failed(
                    "global-control at " + address + " hangs up, as it does on whoever does not encrypt: give"
                            + " --certificate, --key and --authority",
                    e);
        }
        // What global-control itself says has no cause.
        var cause = status.getCause();
        if (status.getCode() == Status.Code.UNAVAILABLE && cause != null) {
            var root = cause.getCause() == null ? cause : cause.getCause();
            return security.refusals()
                    .onDialFailed(cause)
                    .map(refusal -> new Failed("global-control at " + address + ": " + refusal, e))
                    .orElseGet(() -> new Failed(
                            "cannot reach global-control at " + address + ": " + root.getMessage()
                                    + "; is the platform up? (./meridian status)",
                            e));
        }
        return new Failed(String.valueOf(status.getDescription()), e);
    }

    /** There is no answer; the message says why, and what to do. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Status.Code code;

        private Failed(String message, StatusRuntimeException cause) {
            super(message, cause);
            this.code = cause.getStatus().getCode();
        }

        int exitCode() {
            return code == Status.Code.INVALID_ARGUMENT ? ExitCode.USAGE : ExitCode.SOFTWARE;
        }
    }
}
