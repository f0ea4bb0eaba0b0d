package io.meridianmq.fabric.settings;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.proto.settings.v1.VersionRecord;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The settings in the global etcd, over one client: keys, values and calls. Each call blocks for at most 2 s; one that
 * fails ends the use of this connection, since a channel that has failed for long waits up to two minutes before it tries
 * again. For one thread, the watch's callbacks aside.
 */
final class SettingsConnection implements AutoCloseable {

    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);

    /** One of these is the highest that a value of {@link SettingsStore#BYTES_MAX} leaves room for in one answer. */
    private static final int RECORDS_AT_ONCE = 4;

    private final Client client;
    private final String prefix;
    private Optional<Watch.Watcher> watcher = Optional.empty();

    /**
     * A version with the revision of etcd at which it became the one in force.
     *
     * @param revision 0 if nothing has been written yet
     */
    record InForce(SettingsVersion version, long revision) {}

    SettingsConnection(List<HostPort> endpoints, String prefix, ExecutorService executor) {
        this.prefix = prefix;
        this.client = Client.builder()
                .endpoints(endpoints.stream()
                        .map(endpoint -> URI.create("http://" + endpoint))
                        .toList())
                .executorService(executor)
                .connectTimeout(CALL_LIMIT)
                .retryMaxAttempts(0)
                .waitForReady(false)
                .build();
    }

    /** What is in force. */
    InForce inForce() throws SettingsAwayException, InterruptedException {
        return inForce(await("read", client.getKVClient().get(current())).getKvs());
    }

    /** What is in force, unless it still is what was written at {@code knownRevision}. */
    Optional<InForce> inForceUnless(long knownRevision) throws SettingsAwayException, InterruptedException {
        var unchanged = new Cmp(current(), Cmp.Op.EQUAL, CmpTarget.modRevision(knownRevision));
        var answer = await(
                "read",
                client.getKVClient()
                        .txn()
                        .If(unchanged)
                        .Else(Op.get(current(), GetOption.DEFAULT))
                        .commit());
        return answer.isSucceeded()
                ? Optional.empty()
                : Optional.of(inForce(answer.getGetResponses().getFirst().getKvs()));
    }

    /** One version of the history; empty if it is not there any more, or never was. */
    Optional<SettingsVersion> version(long number) throws SettingsAwayException, InterruptedException {
        var found = await("read", client.getKVClient().get(history(number))).getKvs();
        return found.isEmpty() ? Optional.empty() : Optional.of(decode(found.getFirst()));
    }

    /** The next older versions of the history, newest first; none when there are no more. */
    List<SettingsVersion> older(long thanNumber) throws SettingsAwayException, InterruptedException {
        var option = GetOption.builder()
                .withRange(history(thanNumber))
                .withLimit(RECORDS_AT_ONCE)
                .withSortField(GetOption.SortTarget.KEY)
                .withSortOrder(GetOption.SortOrder.DESCEND)
                .build();
        var found = await("read", client.getKVClient().get(history(0), option)).getKvs();
        var versions = new ArrayList<SettingsVersion>();
        for (var entry : found) {
            versions.add(decode(entry));
        }
        return versions;
    }

    /**
     * Writes a version, enters it into the history and drops the oldest one there: all of it, or nothing.
     *
     * @param baseRevision revision of what it is based on; 0 for nothing
     * @param dropBelow number below which the history is dropped
     * @return whether it was written; if not, something else than what it is based on is in force
     */
    boolean write(SettingsVersion version, long baseRevision, long dropBelow)
            throws SettingsAwayException, InterruptedException {
        var value = encode(version);
        var unchanged = new Cmp(current(), Cmp.Op.EQUAL, CmpTarget.modRevision(baseRevision));
        var dropped = DeleteOption.builder().withRange(history(dropBelow)).build();
        return await(
                        "write",
                        client.getKVClient()
                                .txn()
                                .If(unchanged)
                                .Then(
                                        Op.put(current(), value, PutOption.DEFAULT),
                                        Op.put(history(version.number()), value, PutOption.DEFAULT),
                                        Op.delete(history(0), dropped))
                                .commit())
                .isSucceeded();
    }

    /**
     * Begins to watch what is in force; to be called once.
     *
     * @param onChange called by a thread of the client: look again
     * @param onEnd called by a thread of the client when the watch cannot go on
     */
    void watch(Runnable onChange, Runnable onEnd) {
        var option = WatchOption.builder().withRequireLeader(true).build();
        var listener = Watch.listener((WatchResponse _) -> onChange.run(), (Throwable _) -> onEnd.run(), onEnd);
        watcher = Optional.of(client.getWatchClient().watch(current(), option, listener));
    }

    @Override
    public void close() {
        watcher.ifPresent(Watch.Watcher::close);
        client.close();
    }

    private ByteSequence current() {
        return bytes(prefix + "/settings");
    }

    private ByteSequence history(long number) {
        return bytes(prefix + "/settings-history/" + String.format("%019d", number));
    }

    private static InForce inForce(List<KeyValue> found) throws SettingsAwayException {
        return found.isEmpty()
                ? new InForce(SettingsVersion.NONE, 0)
                : new InForce(decode(found.getFirst()), found.getFirst().getModRevision());
    }

    private static ByteSequence encode(SettingsVersion version) {
        var at = version.writtenAt();
        return ByteSequence.from(VersionRecord.newBuilder()
                .setSettings(SettingsMapping.encode(version.settings()))
                .setWrittenAt(
                        Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
                .setAuthor(version.author())
                .setComment(version.comment())
                .setChange(version.change())
                .build()
                .toByteString());
    }

    private static SettingsVersion decode(KeyValue entry) throws SettingsAwayException {
        try {
            var record =
                    VersionRecord.parseFrom(ByteString.copyFrom(entry.getValue().getBytes()));
            var at = record.getWrittenAt();
            return new SettingsVersion(
                    SettingsMapping.decode(record.getSettings()),
                    Instant.ofEpochSecond(at.getSeconds(), at.getNanos()),
                    record.getAuthor(),
                    record.getComment(),
                    record.getChange());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new SettingsAwayException(
                    "key " + entry.getKey().toString(StandardCharsets.UTF_8)
                            + " in the global etcd does not hold settings that this version understands: "
                            + e.getMessage(),
                    e);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static <T> T await(String what, CompletableFuture<T> call)
            throws SettingsAwayException, InterruptedException {
        try {
            return call.get(CALL_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            call.cancel(true);
            throw new SettingsAwayException(
                    "the global etcd did not answer a " + what + " within " + CALL_LIMIT.toMillis() + " ms");
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new SettingsAwayException("the global etcd failed a " + what + ": " + cause.getMessage(), cause);
        }
    }
}
