package io.meridianmq.fabric.tls;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Finds the connections to a server that end before they open a call.
 *
 * <p>gRPC tells of no handshake that fails; but it tells of every connection that ends, ready or not. On gRPC's threads.
 */
final class Callers extends ServerTransportFilter {

    private static final Attributes.Key<AtomicBoolean> HAS_CALLED = Attributes.Key.create("has-called");

    private final Refusals refusals;

    Callers(Refusals refusals) {
        this.refusals = refusals;
    }

    /** Has to see the server's calls. */
    ServerInterceptor interceptor() {
        return new Interceptor();
    }

    @Override
    public Attributes transportReady(Attributes connection) {
        return connection.toBuilder().set(HAS_CALLED, new AtomicBoolean()).build();
    }

    /**
     * @param connection null if it did not become ready
     */
    @Override
    public void transportTerminated(@Nullable Attributes connection) {
        var known = Optional.ofNullable(connection);
        if (!known.map(attributes -> attributes.get(HAS_CALLED))
                .map(AtomicBoolean::get)
                .orElse(false)) {
            refusals.onSilentCaller(known.map(attributes -> attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                    .map(address -> " from " + address)
                    .orElse(""));
        }
    }

    private static final class Interceptor implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            Optional.ofNullable(call.getAttributes().get(HAS_CALLED)).ifPresent(called -> called.set(true));
            return next.startCall(call, headers);
        }
    }
}
