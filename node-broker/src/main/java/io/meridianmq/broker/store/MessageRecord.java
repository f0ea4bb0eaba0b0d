package io.meridianmq.broker.store;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.KeptMessage;
import io.meridianmq.core.session.Outbound;
import io.meridianmq.core.session.Subscription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.ObjLongConsumer;

/**
 * The messages of one batch with those who want them, as one value: a payload is there once, however many sessions want it.
 *
 * <pre>
 *   record    message*
 *   message   readers (count), reader*, frame length, identity, stamps, flags, canonical frame
 *   message   0, number of readers whose messages were left out later
 *   reader    session, position, flags, [subscription identifiers], [shared subscription]
 * </pre>
 */
final class MessageRecord {

    private static final int RETAIN = 4;
    private static final int IDENTIFIERS = 8;
    private static final int GROUP = 16;
    private static final int EXPIRES = 32;

    private MessageRecord() {}

    /** One message and the sessions of one loop that want it. */
    record Entry(Publication publication, List<Reader> readers) {
        long[] sessions() {
            return readers.stream().mapToLong(Reader::session).toArray();
        }
    }

    /** One session that wants a message. */
    record Reader(long session, Outbound outbound) {}

    /** What tells a reader apart when only the readers are looked at. */
    interface ReaderSink {
        /**
         * The next reader.
         *
         * @param frameBytes size of the message
         */
        void reader(int index, long session, long position, boolean isOfGroup, int frameBytes);
    }

    /** What is found in a record. */
    interface MessageSink {
        /**
         * The next message that is wanted.
         *
         * @param message the share of its publication passes to the call
         */
        void message(int reader, KeptMessage message);
    }

    /** @param sizeBytes about how long it will be */
    static byte[] write(List<Entry> entries, int sizeBytes) {
        var out = Unpooled.buffer(sizeBytes);
        for (var entry : entries) {
            VarInts.write(out, entry.readers.size());
            for (var reader : entry.readers) {
                write(out, reader);
            }
            write(out, entry.publication);
        }
        return ByteBufUtil.getBytes(out);
    }

    private static void write(ByteBuf out, Reader reader) {
        var outbound = reader.outbound;
        VarInts.write(out, reader.session);
        VarInts.write(out, outbound.position());
        out.writeByte(outbound.qos().value()
                | (outbound.retain() ? RETAIN : 0)
                | (outbound.identifiers().isEmpty() ? 0 : IDENTIFIERS)
                | (outbound.group().isPresent() ? GROUP : 0));
        if (!outbound.identifiers().isEmpty()) {
            VarInts.write(out, outbound.identifiers().length());
            outbound.identifiers().forEach(identifier -> VarInts.write(out, identifier));
        }
        outbound.group().map(Subscription::filter).ifPresent(filter -> VarInts.writeText(out, filter));
    }

    private static void write(ByteBuf out, Publication publication) {
        var frame = (PublishFrame) publication.bytes();
        var expires = publication.expiresAtMillis() != Publication.NEVER;
        VarInts.write(out, frame.canonicalSize());
        out.writeLong(publication.id().origin());
        VarInts.write(out, publication.id().boot());
        VarInts.write(out, publication.id().number());
        out.writeLong(publication.timestamp());
        out.writeLong(publication.publisherHash());
        out.writeByte(publication.qos().value() | (publication.retain() ? RETAIN : 0) | (expires ? EXPIRES : 0));
        if (expires) {
            VarInts.write(out, publication.expiresAtMillis());
        }
        frame.writeCanonical(out);
    }

    /** Goes through the readers of a record, in their order. */
    static void readers(byte[] record, ReaderSink sink) {
        var in = Unpooled.wrappedBuffer(record);
        var index = 0;
        while (in.isReadable()) {
            var count = (int) VarInts.read(in);
            if (count == 0) {
                index += (int) VarInts.read(in);
                continue;
            }
            var first = in.readerIndex();
            for (var i = 0; i < count; i++) {
                ReaderHead.read(in);
            }
            var frameBytes = (int) VarInts.read(in);
            var end = in.readerIndex();
            in.readerIndex(first);
            for (var i = 0; i < count; i++) {
                var reader = ReaderHead.read(in);
                sink.reader(index++, reader.session, reader.position, reader.group.isPresent(), frameBytes);
            }
            in.readerIndex(end);
            skipHeader(in);
            in.skipBytes(frameBytes);
        }
    }

    /** Tells which sessions were to have which QoS 2 messages of a record. */
    static void exactlyOnce(byte[] record, ObjLongConsumer<PublicationId> sink) {
        var in = Unpooled.wrappedBuffer(record);
        while (in.isReadable()) {
            var sessions = new long[(int) VarInts.read(in)];
            if (sessions.length == 0) {
                VarInts.read(in);
                continue;
            }
            for (var i = 0; i < sessions.length; i++) {
                sessions[i] = ReaderHead.read(in).session;
            }
            var frameBytes = (int) VarInts.read(in);
            var id = publicationId(in);
            var flags = in.getByte(in.readerIndex() + 2 * Long.BYTES);
            skipStamps(in);
            in.skipBytes(frameBytes);
            if (Qos.of(flags & 3) == Qos.EXACTLY_ONCE) {
                for (var session : sessions) {
                    sink.accept(id, session);
                }
            }
        }
    }

    /**
     * Reads messages of a record.
     *
     * @param wanted which readers' messages
     * @throws io.meridianmq.broker.codec.ProtocolException if a frame is damaged
     */
    static void read(long record, byte[] value, IntPredicate wanted, TopicCache topics, MessageSink sink) {
        var in = Unpooled.wrappedBuffer(value);
        var index = 0;
        while (in.isReadable()) {
            var heads = new ReaderHead[(int) VarInts.read(in)];
            if (heads.length == 0) {
                index += (int) VarInts.read(in);
                continue;
            }
            for (var i = 0; i < heads.length; i++) {
                heads[i] = ReaderHead.read(in);
            }
            var frameBytes = (int) VarInts.read(in);
            Publication publication = null;
            var start = in.readerIndex();
            for (var head : heads) {
                if (wanted.test(index)) {
                    if (publication == null) {
                        publication = publication(in.readerIndex(start), frameBytes, topics);
                    } else {
                        publication.share();
                    }
                    sink.message(index, head.message(Locator.of(record, index), publication));
                }
                index++;
            }
            in.readerIndex(start);
            skipHeader(in);
            in.skipBytes(frameBytes);
        }
    }

    /**
     * The same record without some messages; the others keep their readers' numbers.
     *
     * @param isDone which readers are not to be found any more; a message goes when all of its readers are done
     */
    static byte[] without(byte[] record, IntPredicate isDone) {
        var in = Unpooled.wrappedBuffer(record);
        var out = Unpooled.buffer();
        var index = 0;
        while (in.isReadable()) {
            var start = in.readerIndex();
            var count = (int) VarInts.read(in);
            var isWanted = count == 0;
            if (count == 0) {
                index += (int) VarInts.read(in);
            } else {
                for (var i = 0; i < count; i++) {
                    ReaderHead.read(in);
                    isWanted |= !isDone.test(index++);
                }
                var frameBytes = (int) VarInts.read(in);
                skipHeader(in);
                in.skipBytes(frameBytes);
            }
            if (isWanted) {
                out.writeBytes(in, start, in.readerIndex() - start);
            } else {
                out.writeByte(0);
                VarInts.write(out, count);
            }
        }
        return ByteBufUtil.getBytes(out);
    }

    private static Publication publication(ByteBuf in, int frameBytes, TopicCache topics) {
        var id = publicationId(in);
        var timestamp = in.readLong();
        var publisherHash = in.readLong();
        var flags = in.readByte();
        var expiresAtMillis = (flags & EXPIRES) == 0 ? Publication.NEVER : VarInts.read(in);
        // A copy, so that one message does not pin a whole record.
        var frame = PublishFrame.ofCanonical(Unpooled.copiedBuffer(in.readSlice(frameBytes)), topics);
        return new Publication(
                id,
                timestamp,
                publisherHash,
                frame.topic(),
                Qos.of(flags & 3),
                (flags & RETAIN) != 0,
                expiresAtMillis,
                frame);
    }

    private static PublicationId publicationId(ByteBuf in) {
        return new PublicationId(in.readLong(), VarInts.read(in), VarInts.read(in));
    }

    private static void skipHeader(ByteBuf in) {
        in.skipBytes(Long.BYTES);
        VarInts.read(in);
        VarInts.read(in);
        skipStamps(in);
    }

    private static void skipStamps(ByteBuf in) {
        in.skipBytes(2 * Long.BYTES);
        if ((in.readByte() & EXPIRES) != 0) {
            VarInts.read(in);
        }
    }

    private record ReaderHead(
            long session,
            long position,
            Qos qos,
            boolean retain,
            ImmutableIntArray identifiers,
            Optional<String> group) {

        static ReaderHead read(ByteBuf in) {
            var session = VarInts.read(in);
            var position = VarInts.read(in);
            var flags = in.readByte();
            var identifiers = ImmutableIntArray.builder();
            if ((flags & IDENTIFIERS) != 0) {
                var count = (int) VarInts.read(in);
                for (var i = 0; i < count; i++) {
                    identifiers.add((int) VarInts.read(in));
                }
            }
            return new ReaderHead(
                    session,
                    position,
                    Qos.of(flags & 3),
                    (flags & RETAIN) != 0,
                    identifiers.build(),
                    (flags & GROUP) == 0 ? Optional.empty() : Optional.of(VarInts.readText(in)));
        }

        KeptMessage message(long locator, Publication publication) {
            return new KeptMessage(locator, position, publication, qos, retain, identifiers, group);
        }
    }
}
