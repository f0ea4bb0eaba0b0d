package io.meridianmq.fabric.link;

import io.grpc.Status;
import io.meridianmq.core.link.Hello;
import io.meridianmq.core.link.HelloVerdict;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.OnceAnHour;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callers who have not yet said who they are. Each gets a time to say hello; accepted ones go to their link.
 *
 * <p>Belongs to the mesh thread.
 */
final class Reception implements StreamOwner {

    /** Callers that may wait at the same time; more than a component has neighbours. */
    static final int CALLERS_MAX = 4_096;

    /** Refused places whose last cause is remembered, so that it is logged once. */
    private static final int LOGGED_MAX = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private record Caller(AcceptedStream stream, Future<?> timeout) {}

    private final LinkContext context;
    private final BiConsumer<AcceptedStream, Hello> accepted;
    private final Map<LinkStream, Caller> callers = new HashMap<>();
    private final OnceAnHour news = new OnceAnHour();
    private final LinkedHashMap<Place, HelloVerdict.Cause> logged = new LinkedHashMap<>();

    /**
     * @param accepted takes over a stream whose caller may open a link
     */
    Reception(LinkContext context, BiConsumer<AcceptedStream, Hello> accepted) {
        this.context = context;
        this.accepted = accepted;
    }

    /** Somebody opened a stream. */
    void onCaller(AcceptedStream stream) {
        if (callers.size() >= CALLERS_MAX) {
            stream.close(Status.RESOURCE_EXHAUSTED.withDescription("too many callers have not said hello yet"));
            return;
        }
        var timeout = context.mesh()
                .schedule(
                        () -> dismiss(stream, Status.DEADLINE_EXCEEDED.withDescription("no hello came")),
                        context.settings().silenceMax().toNanos(),
                        TimeUnit.NANOSECONDS);
        callers.put(stream, new Caller(stream, timeout));
    }

    @Override
    public void onBatch(LinkStream stream, ByteBuf batch) {
        Hello hello;
        try {
            hello = LinkContext.hello(batch);
        } catch (IllegalArgumentException e) {
            var problem = String.valueOf(e.getMessage());
            if (news.isNews(problem)) {
                LOG.warn("a caller is turned away: {} (said once an hour)", problem);
            }
            dismiss(stream, Status.INVALID_ARGUMENT.withDescription(problem));
            return;
        }
        judge(stream, hello);
    }

    @Override
    public void onReady(LinkStream stream) {
        // Nothing waits for a caller without a name.
    }

    @Override
    public void onEnded(LinkStream stream, Status status) {
        dismiss(stream, status);
    }

    /** Turns everybody away. */
    void close() {
        callers.keySet().stream().toList().forEach(stream -> dismiss(stream, Links.STOPPED));
    }

    private void judge(LinkStream stream, Hello hello) {
        switch (context.onCall(stream, hello)) {
            case HelloVerdict.Accepted() -> {
                logged.remove(hello.place());
                forget(stream).ifPresent(caller -> accepted.accept(caller, hello));
                stream.handled();
            }
            case HelloVerdict.Refused(var cause, var reason) -> {
                context.refusals().count(cause);
                if (isNews(hello.place(), cause)) {
                    LOG.warn("a link is refused: {}", reason);
                }
                dismiss(stream, status(cause).withDescription(reason));
            }
        }
    }

    /** Whoever is no longer part of the platform is told so, since it may not know. */
    private static Status status(HelloVerdict.Cause cause) {
        return switch (cause) {
            case LEFT_OUT, OLD_BOOT -> Links.LEFT_OUT;
            case CERTIFICATE, VERSION, OTHER_PLACE, NOT_ADJACENT, WRONG_DIALLER, NOT_LISTED ->
                Status.FAILED_PRECONDITION;
        };
    }

    private boolean isNews(Place place, HelloVerdict.Cause cause) {
        if (logged.size() >= LOGGED_MAX && !logged.containsKey(place)) {
            logged.pollFirstEntry();
        }
        return logged.put(place, cause) != cause;
    }

    private void dismiss(LinkStream stream, Status status) {
        forget(stream).ifPresent(caller -> caller.close(status));
    }

    private Optional<AcceptedStream> forget(LinkStream stream) {
        var caller = Optional.ofNullable(callers.remove(stream));
        caller.ifPresent(known -> known.timeout().cancel(false));
        return caller.map(Caller::stream);
    }
}
