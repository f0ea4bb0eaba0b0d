package io.meridianmq.broker.store;

import io.meridianmq.core.publication.PublicationId;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which sessions had which QoS 2 messages of this node's durable publishers before this start. A publisher that was not
 * answered sends its message again, and those who had it are not to have it twice, even if they are done with it.
 *
 * <p>It is written with the messages, one entry for each loop, and deleted when the publisher has released the message. Filled
 * at the start; after that any thread reads.
 */
final class Had {

    private final Map<PublicationId, Earlier> before = new HashMap<>();
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
        return earlier != null && earlier.sessions.contains(session);
    }

    /** Everything that may have been written about a message, in this start and before. */
    Stream<byte[]> keys(PublicationId id) {
        var earlier = before.get(id);
        return Stream.concat(
                IntStream.range(0, loops).mapToObj(loop -> key(id, loop)),
                earlier == null ? Stream.of() : earlier.keys.stream());
    }
}
