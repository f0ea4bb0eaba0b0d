package io.meridianmq.fabric.link;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Hello;
import io.meridianmq.core.link.HelloRules;
import io.meridianmq.core.link.HelloVerdict;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Neighbourhood;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.meridianmq.proto.link.v1.LinksGrpc;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * All links of one component: one to each neighbour that the directory lists, opened and closed as the directory's view
 * changes.
 *
 * <p>Everything happens on the mesh thread, the single thread of the executor given at construction; methods that any
 * thread may call say so.
 */
public final class Links implements AutoCloseable {

    /** To a caller that the directory does not list any more. */
    static final Status LEFT_OUT = Status.NOT_FOUND;

    static final Status STOPPED = Status.UNAVAILABLE.withDescription("the component stops");

    private static final int CLOSE_SECONDS_MAX = 5;
    private static final String REFUSED = "meridian.link.refused";
    private static final String REFUSED_DESCRIPTION = "Links that this end, or the other one, refused";

    private final Place self;
    private final long boot;
    private final EventExecutor mesh;
    private final LinkContext context;
    private final Reception reception;
    private final MethodDescriptor<ByteBuf, ByteBuf> method;
    private final int batchBytesMax;
    private final LongAdder strayFrames = new LongAdder();

    /** Written by the mesh thread; metrics read it from others. */
    private final Map<Place, Link> links = new ConcurrentHashMap<>();

    private MembershipView view = MembershipView.EMPTY;
    private boolean listed;

    /**
     * @param self this component and its boot number
     * @param mesh executor with one thread
     * @param security of the links, whichever end opens them
     * @param codec between the component's publications and links
     * @param events where links report what happens
     * @param random for the jitter between attempts; used by the mesh thread only
     */
    public Links(
            Member self,
            EventExecutor mesh,
            LinkSettings settings,
            TransportSecurity security,
            PublicationCodec codec,
            LinkEvents events,
            RandomGenerator random) {
        this.self = self.place();
        this.boot = self.boot();
        this.mesh = mesh;
        // A batch leaves when it has the profile's size; its last frame may be of any size.
        this.batchBytesMax = settings.frameBytesMax() + BatchProfile.WAN.bytesMax();
        this.method = LinkMethod.connect(codec);
        var places = new PlaceTexts();
        this.context = new LinkContext(
                this.self,
                mesh,
                settings,
                events,
                new HelloRules(this.self),
                new EnumCounts<>(HelloVerdict.Cause.class),
                () -> new Hello(Hello.VERSION, self.place(), self.boot(), view.revision()),
                new Dialler(security, method, mesh, batchBytesMax),
                security,
                new FrameEncoder(codec, places),
                new FrameDecoder(codec, places),
                random);
        this.reception = new Reception(context, this::onCall);
    }

    /**
     * The directory's view changed: opens links to new neighbours, closes those to neighbours that left. Before the first view
     * that lists this start of the component nothing happens, since its neighbours would turn it away. Mesh thread.
     */
    public void onView(MembershipView view) {
        assert mesh.inEventLoop();
        listed = listed || view.member(self).filter(own -> own.boot() == boot).isPresent();
        if (!listed) {
            return;
        }
        this.view = view;
        context.rules().onView(view);
        var neighbours = Neighbourhood.of(self, view);
        links.forEach((peer, link) -> {
            if (!neighbours.contains(peer)) {
                link.close(DownCause.LEFT, "the directory no longer lists " + peer);
            }
        });
        links.keySet().retainAll(neighbours);
        for (Place neighbour : neighbours) {
            view.member(neighbour).ifPresent(this::onMember);
        }
    }

    /**
     * Sends a frame to a neighbour. Mesh thread.
     *
     * <p>Frames of one neighbour arrive in the order in which they were offered, or the link goes down. A frame that is
     * accepted may still be lost with the link.
     *
     * @return whether the link took the frame: it has copied what it needs; if not, it is down or a bound is reached, which
     *     is counted
     */
    public boolean offer(Place peer, Frame frame) {
        assert mesh.inEventLoop();
        var link = links.get(peer);
        if (link == null) {
            strayFrames.increment();
            return false;
        }
        return link.offer(frame);
    }

    /** Whether the link to a neighbour is open. Mesh thread. */
    public boolean isUp(Place peer) {
        assert mesh.inEventLoop();
        var link = links.get(peer);
        return link != null && link.isUp();
    }

    /** The figures of every neighbour's link, in place order. Any thread. */
    public Map<Place, LinkFigures> figures() {
        var figures = new TreeMap<Place, LinkFigures>();
        links.forEach((peer, link) -> figures.put(peer, link.figures()));
        return figures;
    }

    /** Hellos that this component refused, by cause; causes without any are absent. Any thread. */
    public Map<HelloVerdict.Cause, Long> refusals() {
        return context.refusals().sums();
    }

    /** Counts on in meters which links were refused, and why. Any thread. */
    public void bindTo(MeterRegistry registry) {
        context.security().refusals().bindTo(registry, REFUSED, REFUSED_DESCRIPTION);
        for (var cause : HelloVerdict.Cause.values()) {
            FunctionCounter.builder(REFUSED, context.refusals().of(cause), LongAdder::sum)
                    .description(REFUSED_DESCRIPTION)
                    .tag("cause", cause.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    /** Frames that were offered for a place that is no neighbour. Any thread. */
    public long strayFrames() {
        return strayFrames.sum();
    }

    /** Closes all links and waits until that is done. Any thread but the mesh thread, which must still run. */
    @Override
    public void close() {
        var done = mesh.submit(() -> {
            reception.close();
            links.values().forEach(link -> link.close(DownCause.STOPPED, "the component stops"));
            links.clear();
        });
        if (!done.awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the mesh thread did not close the links within " + CLOSE_SECONDS_MAX
                    + " s: it is stuck or has stopped too early");
        }
    }

    TransportSecurity security() {
        return context.security();
    }

    /** What {@link LinkServer} serves. */
    ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(LinksGrpc.SERVICE_NAME)
                .addMethod(method, this::accept)
                .build();
    }

    /** Largest batch that a neighbour may send, in bytes. */
    int batchBytesMax() {
        return batchBytesMax;
    }

    private void onMember(Member member) {
        var known = links.get(member.place());
        if (known != null) {
            known.onMember(member);
        } else {
            var link = new Link(context, member);
            links.put(member.place(), link);
            link.start();
        }
    }

    /** Somebody calls. Runs on one of gRPC's threads. */
    private ServerCall.Listener<ByteBuf> accept(ServerCall<ByteBuf, ByteBuf> call, Metadata headers) {
        var stream = new AcceptedStream(new StreamInbox(mesh, reception), call);
        try {
            mesh.execute(() -> reception.onCaller(stream));
        } catch (RejectedExecutionException e) {
            call.close(STOPPED.withCause(e), new Metadata());
        }
        return stream.listener();
    }

    private void onCall(AcceptedStream stream, Hello hello) {
        // The rules accept neighbours in the view only, and each of them has a link.
        Objects.requireNonNull(links.get(hello.place())).onCall(stream, hello);
    }
}
