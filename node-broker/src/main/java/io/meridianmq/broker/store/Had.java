package io.meridianmq.broker.store;

import io.meridianmq.core.publication.PublicationId;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which sessions had which QoS 2 messages before this start. Whoever sent one and was not answered sends it again, and those who
 * had it are not to have it twice.
 *
 * <p>About messages of this node's durable publishers it is written with the messages, one entry for each loop, and deleted when
 * the publisher has released the message: so it holds also for sessions that are done with it. Other nodes send again what was
 * kept in the moment before the end, at most; the {@value #STORED_MAX} messages kept last that are in the store tell about these.
 * Filled at the start; after that any thread reads.
 */
final class Had {

    private static final int STORED_MAX = 65_536;

    private final Map<PublicationId, Earlier> before = new HashMap<>();

    /** In the order in which they were kept. */
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

    /** A message in the store, in the order in which they were kept. */
    void foundStored(PublicationId id, long session) {
        stored.computeIfAbsent(id, _ -> new HashSet<>(2)).add(session);
        if (stored.size() > STORED_MAX) {
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
