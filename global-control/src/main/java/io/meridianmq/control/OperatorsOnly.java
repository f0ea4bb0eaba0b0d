package io.meridianmq.control;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.OnceAnHour;
import io.meridianmq.fabric.tls.TransportSecurity;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets operators call, and no component: the authority that both have their certificates from says who is which. On a
 * connection without encryption, which stays on this machine, everybody is let in.
 */
final class OperatorsOnly implements ServerInterceptor {

    private static final Logger log = LoggerFactory.getLogger(OperatorsOnly.class);

    private static final Context.Key<String> OPERATOR = Context.key("operator");

    private final OnceAnHour news = new OnceAnHour();
    private final LongAdder refused = new LongAdder();

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var identity = TransportSecurity.identity(call.getAttributes());
        if (identity.isEmpty()) {
            return next.startCall(call, headers);
        }
        return switch (identity.get()) {
            case Identity.Operator(var name) ->
                Contexts.interceptCall(Context.current().withValue(OPERATOR, name), call, headers, next);
            case Identity.Component component -> {
                refuse(component, call);
                yield new ServerCall.Listener<>() {};
            }
        };
    }

    /** Who makes the call under way, by its certificate; empty without encryption. For the thread of the call. */
    static Optional<String> caller() {
        return Optional.ofNullable(OPERATOR.get());
    }

    /** Calls of components that were refused. */
    long refused() {
        return refused.sum();
    }

    private void refuse(Identity.Component component, ServerCall<?, ?> call) {
        refused.increment();
        if (news.isNews(component.toString())) {
            log.warn(
                    "a call of {} is refused: {} is a component, and the admin interface is for operators (said once"
                            + " an hour, counted each time)",
                    call.getMethodDescriptor().getFullMethodName(),
                    component);
        }
        call.close(
                Status.PERMISSION_DENIED.withDescription("the certificate is for the component " + component
                        + ", and the admin interface is for operators: use a certificate with"
                        + " meridian://operator/NAME"),
                new Metadata());
    }
}
