package io.meridianmq.fabric.directory;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.meridianmq.core.place.Member;
import io.meridianmq.fabric.config.HostPort;
import java.io.Serial;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory's questions to etcd over one client. Each blocks for at most the call limit; one that fails ends the use
 * of this connection: the next one is made fresh, since a gRPC channel that has failed for long waits up to two minutes
 * before it tries again. For one thread, the watch's callbacks aside.
 */
final class EtcdConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EtcdConnection.class);

    private static final int CLAIM_ATTEMPTS = 5;

    private final Client client;
    private final MemberCodec codec;
    private final Duration callLimit;
    private Optional<Watch.Watcher> watcher = Optional.empty();
    private Optional<Watch.Watcher> zoneWatcher = Optional.empty();

    EtcdConnection(List<HostPort> endpoints, MemberCodec codec, Duration callLimit, ExecutorService executor) {
        this.codec = codec;
        this.callLimit = callLimit;
        this.client = Client.builder()
                .endpoints(endpoints.stream()
                        .map(endpoint -> URI.create("http://" + endpoint))
                        .toList())
                .executorService(executor)
                .connectTimeout(callLimit)
                .retryMaxAttempts(0)
                // A call on a channel that cannot connect fails at once, and the next connection is tried.
                .waitForReady(false)
                .build();
    }

    /** Everybody who is listed, at one revision. */
    Listing list() throws EtcdAwayException, InterruptedException {
        var option = GetOption.builder().isPrefix(true).build();
        var response = await("list", client.getKVClient().get(codec.allKeys(), option));
        var members = new ArrayList<Member>();
        for (var entry : response.getKvs()) {
            member(entry).ifPresent(members::add);
        }
        return new Listing(response.getHeader().getRevision(), members);
    }

    /**
     * Watches from {@code fromRevision} on, in place of an earlier watch.
     *
     * @param onChanges called by a thread of the client
     * @param onBroken called by a thread of the client when the watch cannot go on, such as after a compaction: list again
     */
    void watch(long fromRevision, Consumer<List<MemberChange>> onChanges, Consumer<String> onBroken) {
        watcher.ifPresent(Watch.Watcher::close);
        watcher = Optional.of(
                startWatch(codec.allKeys(), fromRevision, response -> onChanges.accept(changes(response)), onBroken));
    }

    /** The leader and the slot table of a zone, at one revision. */
    Reading read(ZoneCodec zone) throws EtcdAwayException, InterruptedException {
        var option = GetOption.builder().isPrefix(true).build();
        var response = await("read of a zone", client.getKVClient().get(zone.bothKeys(), option));
        var entries = response.getKvs().stream()
                .map(entry -> zoneChange(entry, Optional.of(entry.getValue())))
                .toList();
        return new Reading(response.getHeader().getRevision(), entries);
    }

    /** Watches a zone's leader and slot table as {@link #watch} does the members. */
    void watchZone(ZoneCodec zone, long fromRevision, Consumer<List<ZoneChange>> onChanges, Consumer<String> onBroken) {
        zoneWatcher.ifPresent(Watch.Watcher::close);
        zoneWatcher = Optional.of(startWatch(
                zone.bothKeys(),
                fromRevision,
                response -> onChanges.accept(response.getEvents().stream()
                        .map(EtcdConnection::zoneChange)
                        .toList()),
                onBroken));
    }

    /**
     * Makes {@code value} the leader of a zone that has none.
     *
     * @return whether it leads now
     */
    boolean takeLead(ZoneCodec zone, ByteSequence value, long lease)
            throws EtcdAwayException, LeaseEndedException, InterruptedException {
        var key = zone.leaderKey();
        var transaction = client.getKVClient()
                .txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                .Then(Op.put(key, value, PutOption.builder().withLeaseId(lease).build()));
        return awaitLeased("election", transaction.commit()).isSucceeded();
    }

    /**
     * Writes a zone's slot table if nothing has come in between.
     *
     * @param term revision at which the writer became leader
     * @param replaces revision of the table that is there; 0 for none
     * @return the revision at which it was written; empty if there is another leader or another table
     */
    OptionalLong writeTable(ZoneCodec zone, ByteSequence value, long term, long replaces)
            throws EtcdAwayException, InterruptedException {
        var transaction = client.getKVClient()
                .txn()
                .If(
                        new Cmp(zone.leaderKey(), Cmp.Op.EQUAL, CmpTarget.createRevision(term)),
                        new Cmp(zone.slotsKey(), Cmp.Op.EQUAL, CmpTarget.modRevision(replaces)))
                .Then(Op.put(zone.slotsKey(), value, PutOption.DEFAULT));
        var response = await("slot table", transaction.commit());
        return response.isSucceeded() ? OptionalLong.of(response.getHeader().getRevision()) : OptionalLong.empty();
    }

    /** Whether etcd answers and has a quorum. */
    void heartbeat() throws EtcdAwayException, InterruptedException {
        var option = GetOption.builder().isPrefix(true).withCountOnly(true).build();
        await("heartbeat", client.getKVClient().get(codec.allKeys(), option));
    }

    /** A new lease; keys bound to it go when it is not renewed for {@code timeToLive}. */
    long grant(Duration timeToLive) throws EtcdAwayException, InterruptedException {
        return await("lease", client.getLeaseClient().grant(timeToLive.toSeconds()))
                .getID();
    }

    /**
     * Renews a lease.
     *
     * @throws LeaseEndedException if there is nothing to renew
     */
    void renew(long lease) throws EtcdAwayException, LeaseEndedException, InterruptedException {
        if (awaitLeased("renewal", client.getLeaseClient().keepAliveOnce(lease)).getTTL() <= 0) {
            throw new LeaseEndedException();
        }
    }

    /** Ends a lease; its keys go at once. */
    void revoke(long lease) throws EtcdAwayException, InterruptedException {
        await("revocation", client.getLeaseClient().revoke(lease));
    }

    /**
     * Lists {@code member} under {@code lease}, in place of any earlier boot.
     *
     * @return who holds the place with a higher boot; empty if the claim holds
     * @throws LeaseEndedException if there is no such lease any more
     */
    Optional<Member> claim(Member member, long lease)
            throws EtcdAwayException, LeaseEndedException, InterruptedException {
        var key = codec.key(member.place());
        var value = MemberCodec.value(member);
        var put = Op.put(key, value, PutOption.builder().withLeaseId(lease).build());
        for (int attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
            var current = await("claim", client.getKVClient().get(key)).getKvs();
            var found = current.isEmpty() ? Optional.<KeyValue>empty() : Optional.of(current.getFirst());
            if (found.filter(entry ->
                            entry.getLease() == lease && entry.getValue().equals(value))
                    .isPresent()) {
                return Optional.empty();
            }
            var higher = found.flatMap(this::member).filter(holder -> holder.boot() > member.boot());
            if (higher.isPresent()) {
                return higher;
            }
            var unchanged =
                    CmpTarget.modRevision(found.map(KeyValue::getModRevision).orElse(0L));
            var transaction = client.getKVClient()
                    .txn()
                    .If(new Cmp(key, Cmp.Op.EQUAL, unchanged))
                    .Then(put);
            if (awaitLeased("claim", transaction.commit()).isSucceeded()) {
                return Optional.empty();
            }
        }
        throw new EtcdAwayException("claim of " + member.place() + ": the key changed at each of " + CLAIM_ATTEMPTS
                + " attempts: several processes are claiming this place");
    }

    @Override
    public void close() {
        watcher.ifPresent(Watch.Watcher::close);
        zoneWatcher.ifPresent(Watch.Watcher::close);
        client.close();
    }

    private Watch.Watcher startWatch(
            ByteSequence prefix, long fromRevision, Consumer<WatchResponse> onChanges, Consumer<String> onBroken) {
        var option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(fromRevision)
                .withRequireLeader(true)
                .build();
        var listener = Watch.listener(
                onChanges,
                (Throwable failure) -> onBroken.accept(failure.toString()),
                () -> onBroken.accept("closed by etcd"));
        return client.getWatchClient().watch(prefix, option, listener);
    }

    private static ZoneChange zoneChange(WatchEvent event) {
        var entry = event.getKeyValue();
        return zoneChange(
                entry,
                event.getEventType() == WatchEvent.EventType.PUT ? Optional.of(entry.getValue()) : Optional.empty());
    }

    private static ZoneChange zoneChange(KeyValue entry, Optional<ByteSequence> value) {
        return new ZoneChange(entry.getKey(), value, entry.getModRevision(), entry.getCreateRevision());
    }

    private List<MemberChange> changes(WatchResponse response) {
        var changes = new ArrayList<MemberChange>();
        for (var event : response.getEvents()) {
            change(event).ifPresent(changes::add);
        }
        return changes;
    }

    private Optional<MemberChange> change(WatchEvent event) {
        var entry = event.getKeyValue();
        var member = event.getEventType() == WatchEvent.EventType.PUT ? member(entry) : Optional.<Member>empty();
        return member.<MemberChange>map(listed -> new MemberChange.Listed(listed, entry.getModRevision()))
                .or(() -> codec.place(entry.getKey())
                        .map(place -> new MemberChange.Removed(place, entry.getModRevision())));
    }

    private Optional<Member> member(KeyValue entry) {
        var member = codec.member(entry.getKey(), entry.getValue());
        if (member.isEmpty()) {
            log.warn("key {} is not a member and is left out: remove it if nothing else uses it", text(entry.getKey()));
        }
        return member;
    }

    /** As {@link #await}, for calls that name a lease. */
    private <T> T awaitLeased(String what, CompletableFuture<T> call)
            throws EtcdAwayException, LeaseEndedException, InterruptedException {
        try {
            return await(what, call);
        } catch (EtcdAwayException e) {
            if (saysNotFound(e.getCause())) {
                throw new LeaseEndedException();
            }
            throw e;
        }
    }

    private <T> T await(String what, CompletableFuture<T> call) throws EtcdAwayException, InterruptedException {
        try {
            return call.get(callLimit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            call.cancel(true);
            throw new EtcdAwayException(what + ": no answer within " + callLimit.toMillis() + " ms");
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new EtcdAwayException(what + ": " + cause.getMessage(), cause);
        }
    }

    /** The client reports what etcd refused in its own exception for renewals, and in gRPC's for transactions. */
    private static boolean saysNotFound(@Nullable Throwable failure) {
        return switch (failure) {
            case EtcdException refused -> refused.getErrorCode() == ErrorCode.NOT_FOUND;
            case StatusRuntimeException refused -> refused.getStatus().getCode() == Status.Code.NOT_FOUND;
            case null, default -> false;
        };
    }

    private static String text(ByteSequence key) {
        return key.toString(StandardCharsets.UTF_8);
    }

    /** The lease had ended, or etcd has lost it. */
    static final class LeaseEndedException extends Exception {

        @Serial
        private static final long serialVersionUID = 1L;
    }

    record Listing(long revision, List<Member> members) {}

    record Reading(long revision, List<ZoneChange> entries) {}
}
