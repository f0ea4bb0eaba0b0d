package io.meridianmq.broker.store;

import io.meridianmq.core.publication.PublicationId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which sessions had which QoS 2 messages before this start. Whoever sent one and was not answered sends it again, and those who
 * had it are not to have it twice.
 *
 * <p>About messages of this node's durable publishers it is written with the messages, one entry for each loop, and deleted when
 * the publisher has released the message: so it holds also for sessions that are done with it. Other nodes send again what was
 * kept shortly before the end; about their messages it is written with each record, and stays as {@link RecentRecords} tells.
 * Any message tells while it is in the store; so do those of a store of version 1, which has nothing else.
 * Filled at the start; after that any thread reads.
 */
final class Had {

    private final Map<PublicationId, Earlier> before = new HashMap<>();

    private final Map<PublicationId, Set<Long>> recent = new HashMap<>();

    /** Messages that are in the store, whoever sent them, in the order in which they were kept. */
    private final SequencedMap<PublicationId, Set<Long>> stored = new LinkedHashMap<>();

    private final int loops;

    private record Earlier(List<byte[]> keys, Set<Long> sessions) {}

    /** @param loops of this start */
    Had(int loops) {
        this.loops = loops;
    }

    static byte[] key(PublicationId id, int loop) {
        var key = Unpooled.buffer(3 * Long.BYTES + Short.BYTES);
        key.writeBytes(Values.of(id));
        key.writeShort(loop);
        return key.array();
    }

    static byte[] value(List<MessageRecord.Reader> readers) {
        var out = Unpooled.buffer();
        readers.forEach(reader -> VarInts.write(out, reader.session()));
        return Values.bytes(out);
    }

    /** An entry of an earlier start. */
    void found(byte[] key, byte[] value) {
        var earlier = before.computeIfAbsent(
                Values.publicationId(key), _ -> new Earlier(new ArrayList<>(1), new HashSet<>()));
        earlier.keys.add(key);
        var in = Unpooled.wrappedBuffer(value);
        while (in.isReadable()) {
            earlier.sessions.add(VarInts.read(in));
        }
    }

    /** What is written about one message of another node. */
    static void writeRecent(ByteBuf out, PublicationId id, long[] sessions) {
        out.writeLong(id.origin());
        VarInts.write(out, id.boot());
        VarInts.write(out, id.number());
        VarInts.write(out, sessions.length);
        for (var session : sessions) {
            VarInts.write(out, session);
        }
    }

    /**
     * What was written about messages of other nodes, with one record.
     *
     * @param sessions gets the number of each session
     * @return how many messages
     */
    int foundRecent(byte[] value, LongConsumer sessions) {
        var in = Unpooled.wrappedBuffer(value);
        var messages = 0;
        while (in.isReadable()) {
            var id = new PublicationId(in.readLong(), VarInts.read(in), VarInts.read(in));
            var had = recent.computeIfAbsent(id, _ -> new HashSet<>(2));
            for (var count = VarInts.read(in); count > 0; count--) {
                var session = VarInts.read(in);
                had.add(session);
                sessions.accept(session);
            }
            messages++;
        }
        return messages;
    }

    /** A message in the store, in the order in which they were kept. */
    void foundStored(PublicationId id, long session) {
        stored.computeIfAbsent(id, _ -> new HashSet<>(2)).add(session);
        if (stored.size() > RecentRecords.MESSAGES_MAX) {
            stored.pollFirstEntry();
        }
    }

    /** Entries of messages that nobody sends again, since their exchanges are over. */
    List<byte[]> withoutIntake(Set<PublicationId> intakes) {
        var over = before.entrySet().stream()
                .filter(entry -> !intakes.contains(entry.getKey()))
                .toList();
        over.forEach(entry -> before.remove(entry.getKey()));
        return over.stream().flatMap(entry -> entry.getValue().keys.stream()).toList();
    }

    boolean contains(long session, PublicationId id) {
        var earlier = before.get(id);
        return (earlier != null && earlier.sessions.contains(session))
                || recent.getOrDefault(id, Set.of()).contains(session)
                || stored.getOrDefault(id, Set.of()).contains(session);
    }

    /** Everything that may have been written about a message, in this start and before. */
    Stream<byte[]> keys(PublicationId id) {
        var earlier = before.get(id);
        return Stream.concat(
                IntStream.range(0, loops).mapToObj(loop -> key(id, loop)),
                earlier == null ? Stream.of() : earlier.keys.stream());
    }
}
