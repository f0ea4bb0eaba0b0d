package io.meridianmq.fabric.link;

import com.google.protobuf.WireFormat;
import io.grpc.Status;
import io.meridianmq.core.link.Backoff;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Heartbeats;
import io.meridianmq.core.link.Hello;
import io.meridianmq.core.link.HelloVerdict;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Neighbourhood;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to one neighbour: opens it or waits to be called, keeps it alive, opens it again when it is lost.
 *
 * <pre>
 *   Idle ──dial──> Dialling ──hello──> Up        the greater place of the two
 *    ^                │                 │
 *    └────────────────┴──── lost ───────┘        then dials again after the backoff
 *
 *   Idle ──accepted call──> Up ──lost──> Idle    the lower place
 * </pre>
 *
 * <p>Belongs to the mesh thread; {@link #figures()} may be called by any.
 */
final class Link implements StreamOwner {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final int FRAME_IN_BATCH = LinkBatch.FRAMES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private sealed interface State {
        /** No stream; nothing to do, or a timer dials again. */
        record Idle() implements State {}

        /** A stream is being opened; the timer gives up on it. */
        record Dialling(LinkStream stream) implements State {}

        /** Open; the timer asks for signs of life. */
        record Up(LinkStream stream, long boot, Outbound outbound, Heartbeats heartbeats) implements State {}

        /** The neighbour is none any more, or the component stops. */
        record Closed() implements State {}
    }

    private final LinkContext context;
    private final Place peer;
    private final boolean dials;
    private final Backoff backoff;
    private final BatchProfile profile;
    private final LinkCounters counters = new LinkCounters();
    private Member member;
    private State state = new State.Idle();
    private Future<?> timer;
    private String lastProblem = "";

    Link(LinkContext context, Member member) {
        this.context = context;
        this.member = member;
        this.peer = member.place();
        this.dials = Neighbourhood.dials(context.self(), peer);
        this.profile = BatchProfile.between(context.self(), peer);
        var settings = context.settings();
        this.backoff = new Backoff(
                settings.backoffMin().toNanos(), settings.backoffMax().toNanos());
        this.timer = context.mesh().newSucceededFuture(true);
    }

    /** To be called once, first: opens the link if that is this end's part. */
    void start() {
        if (dials) {
            dial();
        }
    }

    /** The directory's entry for the neighbour, changed or not. */
    void onMember(Member member) {
        var restarted = member.boot() > this.member.boot();
        this.member = member;
        if (state instanceof State.Up up && up.boot() < member.boot()) {
            lose(DownCause.LEFT, "the directory lists a later start of " + peer);
        }
        if (restarted && dials && state instanceof State.Idle) {
            backoff.reset();
            dial();
        }
    }

    /** A caller that has said it is this neighbour, and may be. Replaces what there was: the old stream is dead to it. */
    void onCall(AcceptedStream stream, Hello hello) {
        if (state instanceof State.Up) {
            lose(DownCause.REPLACED, peer + " has called again");
        }
        stream.inbox().handOver(this);
        stream.answer(profile);
        stream.send(context.helloBatch());
        open(stream, hello);
    }

    /** Sends a frame, in order, if the link is up and no bound forbids it. The link keeps nothing of it. */
    boolean offer(Frame frame) {
        if (!(state instanceof State.Up up)) {
            counters.dropped(DropReason.DOWN);
            return false;
        }
        return switch (up.outbound().offer(frame, System.currentTimeMillis())) {
            case ACCEPTED -> true;
            case QUEUE_FULL -> {
                counters.dropped(DropReason.QUEUE_FULL);
                yield false;
            }
            case TOO_LARGE -> {
                counters.dropped(DropReason.TOO_LARGE);
                report("a frame larger than " + context.settings().frameBytesMax() + " bytes is dropped: raise the"
                        + " links' largest frame above the largest MQTT packet");
                yield false;
            }
            case OVERFLOW -> {
                counters.dropped(DropReason.QUEUE_FULL);
                // Not here: the caller is in the middle of its own work, which onLinkDown would change.
                context.mesh().execute(() -> overflowed(up));
                yield false;
            }
        };
    }

    boolean isUp() {
        return state instanceof State.Up;
    }

    LinkFigures figures() {
        return counters.figures();
    }

    /** Ends the link for good. */
    void close(DownCause cause, String reason) {
        timer.cancel(false);
        var last = state;
        state = new State.Closed();
        switch (last) {
            case State.Up up -> {
                down(up, cause, reason);
                context.events().onLinkDown(peer);
            }
            case State.Dialling(var stream) -> stream.close(Status.UNAVAILABLE.withDescription(reason));
            case State.Idle(), State.Closed() -> {}
        }
    }

    @Override
    public void onBatch(LinkStream stream, ByteBuf batch) {
        switch (state) {
            case State.Dialling dialling -> onAnswer(dialling, batch);
            case State.Up up -> onFrames(up, batch);
            case State.Idle(), State.Closed() -> throw new AssertionError("a batch of a closed stream");
        }
        stream.handled();
    }

    @Override
    public void onReady(LinkStream stream) {
        if (state instanceof State.Up up) {
            up.outbound().flush();
        }
    }

    @Override
    public void onEnded(LinkStream stream, Status status) {
        switch (state) {
            case State.Dialling dialling -> {
                var refusals = context.security().refusals();
                giveUp(
                        dialling,
                        "cannot open it: "
                                + Optional.ofNullable(status.getCause())
                                        .flatMap(refusals::onDialFailed)
                                        .orElseGet(() -> describe(status)));
                if (status.getCode() == Links.LEFT_OUT.getCode()) {
                    context.events().onLeftOut(peer);
                }
            }
            case State.Up _ -> lose(DownCause.STREAM_ENDED, describe(status));
            case State.Idle(), State.Closed() -> throw new AssertionError("the end of a closed stream");
        }
    }

    private void dial() {
        if (!(state instanceof State.Idle)) {
            return;
        }
        timer.cancel(false);
        try {
            var stream = context.dialler().dial(member.linkAddress(), profile, this);
            stream.send(context.helloBatch());
            var dialling = new State.Dialling(stream);
            state = dialling;
            timer = after(context.settings().silenceMax().toNanos(), () -> giveUp(dialling, "no answer came in time"));
        } catch (IllegalArgumentException e) {
            failed("its link address in the directory is not usable: " + e.getMessage());
        }
    }

    private void onAnswer(State.Dialling dialling, ByteBuf batch) {
        Hello hello;
        try {
            hello = LinkContext.hello(batch);
        } catch (IllegalArgumentException e) {
            giveUp(dialling, "its hello is not readable: " + e.getMessage());
            return;
        }
        switch (context.onAnswer(dialling.stream(), peer, hello)) {
            case HelloVerdict.Accepted() -> open(dialling.stream(), hello);
            case HelloVerdict.Refused(var cause, var reason) -> {
                context.refusals().count(cause);
                giveUp(dialling, reason);
            }
        }
    }

    private void open(LinkStream stream, Hello hello) {
        timer.cancel(false);
        var settings = context.settings();
        var intervalNanos = settings.heartbeatInterval().toNanos();
        var up = new State.Up(
                stream,
                hello.boot(),
                new Outbound(stream, profile, settings, context.encoder(), context.mesh(), counters),
                new Heartbeats(intervalNanos, settings.silenceMax().toNanos(), System.nanoTime()));
        state = up;
        timer = context.mesh()
                .scheduleWithFixedDelay(() -> tick(up), intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
        backoff.reset();
        lastProblem = "";
        counters.opened.increment();
        counters.peerBoot = hello.boot();
        counters.up = true;
        LOG.info("link to {} is up (boot {})", peer, hello.boot());
        context.events().onLinkUp(peer, hello.boot());
    }

    private void tick(State.Up up) {
        var nowNanos = System.nanoTime();
        switch (up.heartbeats().onTick(nowNanos)) {
            case ASK -> up.outbound().ask(nowNanos);
            case SILENT ->
                lose(
                        DownCause.SILENT,
                        peer + " has been silent for " + context.settings().silenceMax());
        }
    }

    private void onFrames(State.Up up, ByteBuf batch) {
        counters.batchesReceived.increment();
        counters.bytesReceived.add(batch.readableBytes());
        var nowNanos = System.nanoTime();
        up.heartbeats().onHeard(nowNanos);
        var wallMillis = System.currentTimeMillis();
        var fields = new ProtoReader(batch);
        // Handling a frame may close the link.
        while (state.equals(up) && fields.hasMore()) {
            var frame = ProtoReader.EMPTY;
            try {
                var tag = fields.tag();
                if (tag != FRAME_IN_BATCH) {
                    fields.skip(tag);
                    continue;
                }
                frame = fields.message();
            } catch (IllegalArgumentException e) {
                lose(DownCause.FAILED, "it sent a batch that is not of meridian.link.v1: " + e.getMessage());
                return;
            }
            onFrame(up, frame, wallMillis, nowNanos);
        }
    }

    private void onFrame(State.Up up, ProtoReader encoded, long wallMillis, long nowNanos) {
        try {
            var kind = FrameDecoder.kind(encoded);
            switch (kind) {
                case HEARTBEAT ->
                    up.outbound()
                            .answer(FrameDecoder.parse(encoded).getHeartbeat().getStamp());
                case HEARTBEAT_ANSWER ->
                    counters.roundTripNanos = Heartbeats.roundTripNanos(
                            FrameDecoder.parse(encoded).getHeartbeatAnswer().getStamp(), nowNanos);
                case FRAME_NOT_SET, HELLO -> unreadable("it sent a frame that this version does not expect");
                case FORWARD,
                        LANE_DATA,
                        LANE_ACK,
                        INTEREST_SNAPSHOT,
                        INTEREST_DELTA,
                        INTEREST_ACK,
                        INTEREST_SUMMARY,
                        DIGEST_OFFER,
                        DIGEST_PART,
                        DIGEST_CHANGE,
                        DIGEST_ACK,
                        BETWEEN,
                        SETTINGS,
                        SETTINGS_HELD,
                        REPORT,
                        REQUEST,
                        RESPONSE -> onMeshFrame(kind, encoded, wallMillis);
            }
        } catch (IllegalArgumentException e) {
            unreadable("it sent a frame that is not readable: " + e.getMessage());
        }
    }

    private void onMeshFrame(LinkFrame.FrameCase kind, ProtoReader encoded, long wallMillis) {
        Frame frame;
        try {
            frame = context.decoder().decode(encoded, wallMillis);
        } catch (IllegalArgumentException e) {
            unreadable("it sent a " + kind + " frame that is not readable: " + e.getMessage());
            return;
        }
        counters.framesReceived.increment();
        try {
            context.events().onFrame(peer, frame);
        } catch (RuntimeException e) {
            LOG.error("handling a {} frame from {} failed; the link is reset", kind, peer, e);
            lose(DownCause.FAILED, "handling a frame failed");
        } finally {
            Shares.release(frame);
        }
    }

    /** A frame this version cannot read is skipped: lanes and interest notice the gap and heal it. */
    private void unreadable(String problem) {
        counters.dropped(DropReason.UNREADABLE);
        report(problem);
    }

    private void overflowed(State.Up up) {
        if (state.equals(up)) {
            lose(DownCause.OVERFLOW, "more than " + context.settings().queuedBytesMax() + " bytes wait for " + peer);
        }
    }

    /** The peer did not open the link, or not the right peer did. */
    private void giveUp(State.Dialling dialling, String problem) {
        dialling.stream().close(Status.CANCELLED.withDescription(problem));
        state = new State.Idle();
        failed(problem);
    }

    private void failed(String problem) {
        counters.failedAttempts.increment();
        report(problem);
        dialLater();
    }

    /** The open link is gone, and wanted back. */
    private void lose(DownCause cause, String reason) {
        if (state instanceof State.Up up) {
            down(up, cause, reason);
            state = new State.Idle();
            if (dials) {
                dialLater();
            }
            context.events().onLinkDown(peer);
        }
    }

    private void down(State.Up up, DownCause cause, String reason) {
        timer.cancel(false);
        up.outbound().close();
        up.stream().close(Status.UNAVAILABLE.withDescription(reason));
        counters.up = false;
        counters.closed(cause);
        LOG.info("link to {} is down ({}): {}", peer, cause, reason);
    }

    private void dialLater() {
        timer.cancel(false);
        timer = after(backoff.nextNanos(context.random().nextDouble()), this::dial);
    }

    private Future<?> after(long delayNanos, Runnable task) {
        return context.mesh().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    /** Logs a problem with the neighbour once, until another one comes or the link is up again. */
    private void report(String problem) {
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.warn("link to {} at {}: {}", peer, member.linkAddress(), problem);
        }
    }

    private static String describe(Status status) {
        var description = status.getDescription();
        var cause = status.getCause();
        return status.getCode()
                + (description == null ? "" : ": " + description)
                + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }
}
