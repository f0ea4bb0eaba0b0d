package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.fabric.config.HostPort;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory kept in etcd.
 *
 * <p>One thread does everything: it connects, lists, watches, holds one lease for all own members, and publishes views;
 * what arrives from etcd and from {@link #register} waits for it in a bounded queue. When a call to etcd fails the
 * connection is thrown away and a new one tried every 500 ms, for ever; the last view stays meanwhile, and
 * {@code MemberTable} says how long members are kept after etcd is back. Views reach listeners on a second thread,
 * {@code directory-<name>-views}, and so does what happens to the leader and the slot table of a zone, in between.
 */
public final class EtcdDirectory implements Directory {

    private static final Logger log = LoggerFactory.getLogger(EtcdDirectory.class);

    /** Where the platform keeps its keys. */
    public static final String PREFIX = "/meridian/v1";

    private static final int QUEUED_EVENTS_MAX = 1_024;

    private final String name;
    private final String prefix;
    private final List<HostPort> endpoints;
    private final MemberCodec codec;
    private final EtcdTiming timing;
    private final EtcdCounters counters = new EtcdCounters();
    private final ViewFeed feed;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUED_EVENTS_MAX);
    private final OwnMembers own;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Only for the directory's thread. */
    private final MemberTable table;

    /** Only for the directory's thread: etcd was away so long that the next list may lack members who are alive. */
    private boolean outage;

    /** Only for the directory's thread: number of the watch whose events count; earlier ones may still have some to tell. */
    private long currentWatch;

    /** Number of the last watch whose events did not fit the queue; written by threads of the etcd client. */
    private volatile long overflowedWatch;

    /** Set once by {@link #followZone}, read by the directory's thread. */
    private volatile Optional<ZoneRegister> zone = Optional.empty();

    /** Only for the directory's thread: whether {@link #zone} has been listed and is watched. */
    private boolean zoneListed;

    /** Only for the directory's thread: whether the log already says that etcd is away. */
    private boolean awayLogged;

    /** Written by the directory's thread, read by health checks and metrics. */
    private volatile boolean connected;

    /** {@link System#nanoTime} of etcd's last answer, or of the start; written by the directory's thread. */
    private volatile long lastContactNanos = System.nanoTime();

    /** Written by {@link #close}, read by the directory's thread. */
    private volatile boolean closing;

    private EtcdDirectory(
            String name,
            List<HostPort> endpoints,
            String prefix,
            EtcdTiming timing,
            Consumer<PlaceTakenException> onTaken) {
        this.name = name;
        this.prefix = prefix;
        this.endpoints = List.copyOf(endpoints);
        this.codec = new MemberCodec(prefix);
        this.timing = timing;
        this.feed = new ViewFeed("directory-" + name + "-views");
        this.own =
                new OwnMembers(name, timing.leaseTime(), counters, failure -> feed.run(() -> onTaken.accept(failure)));
        this.table = new MemberTable(timing.grace().toNanos());
    }

    /**
     * Starts to connect, and returns at once: etcd need not be there.
     *
     * @param name for logs, threads and the metrics' label {@code directory}: {@code region} or {@code global}
     * @param endpoints client addresses of one etcd cluster's members, at least one
     * @param onTaken called on the listeners' thread for each own member whose place another process with a higher boot
     *     holds or takes over; the member is no longer registered. The process should end
     */
    public static EtcdDirectory start(String name, List<HostPort> endpoints, Consumer<PlaceTakenException> onTaken) {
        return start(name, endpoints, PREFIX, EtcdTiming.DEFAULT, onTaken);
    }

    static EtcdDirectory start(
            String name,
            List<HostPort> endpoints,
            String prefix,
            EtcdTiming timing,
            Consumer<PlaceTakenException> onTaken) {
        var directory = new EtcdDirectory(name, endpoints, prefix, timing, onTaken);
        Thread.ofVirtual().name("directory-" + name).start(directory::run);
        return directory;
    }

    @Override
    public MembershipView view() {
        return feed.latest();
    }

    @Override
    public void watch(Consumer<MembershipView> listener) {
        feed.subscribe(listener);
    }

    @Override
    public CompletableFuture<Void> register(Member member) {
        var listed = own.register(member);
        wake();
        return listed;
    }

    /**
     * Follows the leader and the slot table of a zone; called once at most.
     *
     * @param candidate the node that this process is, if it may lead: it stands for election whenever nobody leads
     * @param listener called on the listeners' thread, in order with the views
     */
    public void followZone(Place of, Optional<Incarnation> candidate, Consumer<ZoneEvent> listener) {
        if (zone.isPresent()) {
            throw new IllegalStateException("directory " + name + " follows a zone already");
        }
        zone = Optional.of(new ZoneRegister(prefix, of, candidate, event -> feed.run(() -> listener.accept(event))));
        wake();
    }

    /** Writes a slot table for the zone that is followed; {@link ZoneEvent.Proposed} follows in any case. */
    public void propose(SlotProposal proposal) {
        if (!connected || !events.offer(new Event.Propose(proposal, counters.connects.get()))) {
            zone.ifPresent(ZoneRegister::refuse);
        }
    }

    /** Reads the slot table of the zone that is followed; {@link ZoneEvent.Confirmed} follows unless etcd is away. */
    public void confirm(long question) {
        if (!events.offer(new Event.Confirm(question))) {
            log.debug("directory {} is busy: the question is asked again", name);
        }
    }

    @Override
    public boolean ready() {
        return view().revision() > 0;
    }

    @Override
    public boolean connected() {
        return connected;
    }

    /** How long ago etcd last answered; since the start if it never did. */
    public Duration sinceContact() {
        return Duration.ofNanos(System.nanoTime() - lastContactNanos);
    }

    /** Adds {@code meridian_directory_...} meters with the label {@code directory}. */
    public void bindTo(MeterRegistry registry) {
        var tags = Tags.of("directory", name);
        counters.bindTo(registry, tags);
        Gauge.builder("meridian.directory.connected", this, directory -> directory.connected ? 1 : 0)
                .description("Whether etcd answers")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "meridian.directory.members",
                        this,
                        directory -> directory.view().members().size())
                .description("Members of the last view")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "meridian.directory.contact.age.seconds",
                        this,
                        directory -> directory.sinceContact().toNanos() / 1e9)
                .description("How long ago etcd last answered")
                .tags(tags)
                .register(registry);
    }

    @Override
    public void close() {
        closing = true;
        wake();
        try {
            // One call that is under way, then one to revoke the lease.
            if (!ended.await(timing.callLimit().multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn(
                        "directory {} is still waiting for etcd: its members stay listed until their lease ends", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        feed.close();
        executor.shutdownNow();
    }

    private void run() {
        try {
            while (!closing) {
                useOneConnection();
            }
        } catch (InterruptedException e) {
            log.error("the thread of directory {} was interrupted: views are frozen from here on", name);
        } finally {
            connected = false;
            own.cancel();
            ended.countDown();
        }
    }

    /** Connects and serves until something fails; then waits for a moment. */
    private void useOneConnection() throws InterruptedException {
        try (var etcd = new EtcdConnection(endpoints, codec, timing.callLimit(), executor)) {
            renew(etcd); // First of all, since time is running out.
            relist(etcd);
            onConnected();
            serve(etcd);
            own.revoke(etcd);
        } catch (EtcdAwayException | RuntimeException e) {
            onAway(e);
            if (!closing) {
                TimeUnit.NANOSECONDS.sleep(timing.retryEvery().toNanos());
            }
        }
    }

    private void serve(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        var renewAtNanos = System.nanoTime() + timing.renewEvery().toNanos();
        var relistAtNanos = System.nanoTime() + timing.relistEvery().toNanos();
        var relistNoSoonerNanos = System.nanoTime() + timing.retryEvery().toNanos();
        while (!closing) {
            own.claimUnlisted(etcd);
            campaignIfVacant(etcd);
            var nextNanos = earlier(renewAtNanos, relistAtNanos);
            var event = events.poll(nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if ((event != null && handle(etcd, event)) || overflowed()) {
                relistAtNanos = relistNoSoonerNanos;
            }
            var nowNanos = System.nanoTime();
            if (nowNanos - renewAtNanos >= 0) {
                renew(etcd);
                renewAtNanos = nowNanos + timing.renewEvery().toNanos();
            }
            if (outage || zone.isPresent() != zoneListed || nowNanos - relistAtNanos >= 0) {
                relist(etcd);
                relistAtNanos = nowNanos + timing.relistEvery().toNanos();
                relistNoSoonerNanos = nowNanos + timing.retryEvery().toNanos();
            }
            table.tick(nowNanos).ifPresent(this::publish);
        }
    }

    private void campaignIfVacant(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        var lease = own.listedUnder();
        if (zoneListed
                && lease.isPresent()
                && zone.filter(ZoneRegister::isVacant).isPresent()) {
            zone.get().campaign(etcd, lease.getAsLong());
            // Who has won acts on what is listed now; and who has not learns who leads.
            relist(etcd);
        }
    }

    private boolean overflowed() {
        if (overflowedWatch != currentWatch) {
            return false;
        }
        overflowedWatch = 0;
        return onWatchLost("more changes than its queue holds");
    }

    /** Takes one event; true if the watch is lost and everything has to be listed again. */
    private boolean handle(EtcdConnection etcd, Event event) throws EtcdAwayException, InterruptedException {
        return switch (event) {
            case Event.Changed(var watch, var changes) -> {
                if (watch == currentWatch) {
                    table.changed(changes, System.nanoTime()).ifPresent(this::publish);
                    changes.forEach(change -> own.compare(change.place(), table.listed(change.place())));
                }
                yield false;
            }
            case Event.ZoneChanged(var watch, var changes) -> {
                if (watch == currentWatch) {
                    zone.ifPresent(register -> register.changed(changes));
                }
                yield false;
            }
            case Event.WatchLost(var watch, var reason) -> watch == currentWatch && onWatchLost(reason);
            case Event.Propose(var proposal, var connection) -> {
                if (zone.isPresent() && connection == counters.connects.get()) {
                    zone.get().propose(etcd, proposal);
                } else {
                    zone.ifPresent(
                            ZoneRegister::refuse); // What was decided before etcd was away is to be decided anew.
                }
                yield false;
            }
            case Event.Confirm(var question) -> {
                if (zone.isPresent()) {
                    zone.get().confirm(etcd, question);
                }
                yield false;
            }
            case Event.WakeUp() -> false;
        };
    }

    private boolean onWatchLost(String reason) {
        counters.watchesLost.incrementAndGet();
        log.info("directory {} lists its members again, its watch ended: {}", name, reason);
        return true;
    }

    private void relist(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        var listing = etcd.list();
        contact();
        if (listing.revision() < table.seenRevision()) {
            outage = true; // Whoever it does not list may be alive all the same.
            log.warn(
                    "directory {}: etcd went back from revision {} to {}: it has lost data; members register again",
                    name,
                    table.seenRevision(),
                    listing.revision());
        }
        table.relisted(listing.revision(), listing.members(), outage, System.nanoTime())
                .ifPresent(this::publish);
        var returned = outage;
        outage = false;
        own.places().forEach(place -> own.compare(place, table.listed(place)));
        var watch = ++currentWatch;
        etcd.watch(
                listing.revision() + 1,
                changes -> offer(watch, new Event.Changed(watch, changes)),
                reason -> offer(watch, new Event.WatchLost(watch, reason)));
        if (zone.isPresent()) {
            relist(etcd, zone.get(), watch);
            zone.get().reached(returned);
        }
    }

    private void relist(EtcdConnection etcd, ZoneRegister register, long watch)
            throws EtcdAwayException, InterruptedException {
        var revision = register.list(etcd);
        zoneListed = true;
        etcd.watchZone(
                register.codec(),
                revision + 1,
                changes -> offer(watch, new Event.ZoneChanged(watch, changes)),
                reason -> offer(watch, new Event.WatchLost(watch, reason)));
    }

    private void offer(long watch, Event event) {
        if (!events.offer(event)) {
            overflowedWatch = watch;
        }
    }

    private void renew(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        own.renew(etcd);
        contact();
    }

    private void onConnected() {
        connected = true;
        counters.connects.incrementAndGet();
        log.info(
                "directory {}: connected to etcd at {}, {} members",
                name,
                endpoints,
                view().members().size());
        awayLogged = false;
    }

    private void onAway(Exception e) {
        connected = false;
        zone.ifPresent(ZoneRegister::away);
        counters.failures.incrementAndGet();
        if (awayLogged) {
            log.debug("directory {}: etcd at {} is still away", name, endpoints, e);
            return;
        }
        awayLogged = true;
        log.warn(
                "directory {}: etcd at {} is away ({}): {}; trying again every {} ms",
                name,
                endpoints,
                e.getMessage(),
                ready() ? "the last view stays" : "not ready until it is there",
                timing.retryEvery().toMillis());
    }

    private void publish(MembershipView view) {
        counters.views.incrementAndGet();
        feed.publish(view);
    }

    private void contact() {
        outage |= ready() && sinceContact().compareTo(timing.outage()) >= 0;
        lastContactNanos = System.nanoTime();
    }

    private void wake() {
        if (!events.offer(new Event.WakeUp())) {
            log.debug("directory {} is awake already: its queue is full", name);
        }
    }

    private static long earlier(long aNanos, long bNanos) {
        return aNanos - bNanos < 0 ? aNanos : bNanos;
    }

    /** What the directory's thread waits for. */
    private sealed interface Event {

        record Changed(long watch, List<MemberChange> changes) implements Event {}

        record ZoneChanged(long watch, List<ZoneChange> changes) implements Event {}

        /** @param connection number of the connection to etcd at which it was proposed */
        record Propose(SlotProposal proposal, long connection) implements Event {}

        record Confirm(long question) implements Event {}

        record WatchLost(long watch, String reason) implements Event {}

        record WakeUp() implements Event {}
    }
}
