package io.meridianmq.broker.store;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.RetainHandling;
import io.meridianmq.core.session.SessionFacts;
import io.meridianmq.core.session.SessionProgress;
import io.meridianmq.core.session.SubscriptionOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/** What the families of the session store have as values, but for messages. */
final class Values {

    private static final int NO_LOCAL = 4;
    private static final int RETAIN_AS_PUBLISHED = 8;
    private static final int RETAIN_HANDLING_SHIFT = 4;
    private static final int OWED = 64;

    private Values() {}

    /** A subscription with what it is owed. */
    record KeptSubscription(SubscriptionOptions options, Optional<String> owedAfterTopic) {}

    static byte[] of(SessionFacts facts) {
        var out = Unpooled.buffer();
        VarInts.writeText(out, facts.clientId());
        VarInts.write(out, facts.sessionExpirySeconds());
        out.writeLong(facts.goneAtMillis());
        VarInts.write(out, facts.connection().epoch());
        VarInts.write(out, facts.connection().counter());
        return bytes(out);
    }

    static SessionFacts facts(byte[] value) {
        var in = Unpooled.wrappedBuffer(value);
        var clientId = VarInts.readText(in);
        var expirySeconds = VarInts.read(in);
        var goneAtMillis = in.readLong();
        // Stores of the first builds do not have the number.
        var connection =
                in.isReadable() ? new ConnectionNumber(VarInts.read(in), VarInts.read(in)) : ConnectionNumber.NONE;
        return new SessionFacts(clientId, connection, expirySeconds, goneAtMillis);
    }

    static byte[] of(SubscriptionOptions options, Optional<String> owedAfterTopic) {
        var out = Unpooled.buffer();
        out.writeByte(options.maximumQos().value()
                | (options.noLocal() ? NO_LOCAL : 0)
                | (options.retainAsPublished() ? RETAIN_AS_PUBLISHED : 0)
                | options.retainHandling().value() << RETAIN_HANDLING_SHIFT
                | (owedAfterTopic.isPresent() ? OWED : 0));
        VarInts.write(out, options.identifier());
        owedAfterTopic.ifPresent(topic -> VarInts.writeText(out, topic));
        return bytes(out);
    }

    static KeptSubscription subscription(byte[] value) {
        var in = Unpooled.wrappedBuffer(value);
        var flags = in.readByte();
        var options = new SubscriptionOptions(
                Qos.of(flags & 3),
                (flags & NO_LOCAL) != 0,
                (flags & RETAIN_AS_PUBLISHED) != 0,
                RetainHandling.of(flags >> RETAIN_HANDLING_SHIFT & 3),
                (int) VarInts.read(in));
        return new KeptSubscription(
                options, (flags & OWED) == 0 ? Optional.empty() : Optional.of(VarInts.readText(in)));
    }

    static byte[] of(SessionProgress progress) {
        var out = Unpooled.buffer();
        VarInts.write(out, progress.passedUpTo());
        writeRuns(out, progress.sent());
        writeRuns(out, progress.received());
        return bytes(out);
    }

    static SessionProgress progress(byte[] value) {
        var in = Unpooled.wrappedBuffer(value);
        return new SessionProgress(VarInts.read(in), readRuns(in), readRuns(in));
    }

    /** Ascending numbers, as the gap before each stretch of neighbours and its length. */
    private static void writeRuns(ByteBuf out, ImmutableLongArray ascending) {
        var end = 0L;
        for (var i = 0; i < ascending.length(); ) {
            var first = ascending.get(i);
            var length = 1;
            while (i + length < ascending.length() && ascending.get(i + length) == first + length) {
                length++;
            }
            VarInts.write(out, length);
            VarInts.write(out, first - end);
            end = first + length;
            i += length;
        }
        VarInts.write(out, 0);
    }

    private static ImmutableLongArray readRuns(ByteBuf in) {
        var numbers = ImmutableLongArray.builder();
        var end = 0L;
        for (var length = VarInts.read(in); length > 0; length = VarInts.read(in)) {
            var first = end + VarInts.read(in);
            end = first + length;
            for (var number = first; number < end; number++) {
                numbers.add(number);
            }
        }
        return numbers.build();
    }

    static byte[] of(PublicationId id) {
        var out = Unpooled.buffer(3 * Long.BYTES);
        out.writeLong(id.origin());
        out.writeLong(id.boot());
        out.writeLong(id.number());
        return bytes(out);
    }

    static PublicationId publicationId(byte[] value) {
        var in = Unpooled.wrappedBuffer(value);
        return new PublicationId(in.readLong(), in.readLong(), in.readLong());
    }

    static byte[] of(Will will) {
        var out = Unpooled.buffer();
        out.writeByte(will.qos().value() | (will.retain() ? NO_LOCAL : 0));
        VarInts.write(out, will.delaySeconds());
        out.writeLong(will.messageExpirySeconds());
        out.writeBytes(will.message().asByteBuffer());
        return bytes(out);
    }

    static Will will(byte[] value) {
        var in = Unpooled.wrappedBuffer(value);
        var flags = in.readByte();
        return new Will(
                Qos.of(flags & 3),
                (flags & NO_LOCAL) != 0,
                VarInts.read(in),
                in.readLong(),
                CanonicalBytes.wrap(ByteBufUtil.getBytes(in)));
    }

    static ConnectionNumber connectionNumber(byte[] willKey) {
        return new ConnectionNumber(Keys.part(willKey, 1), Keys.part(willKey, 2));
    }

    static byte[] bytes(ByteBuf out) {
        return ByteBufUtil.getBytes(out);
    }
}
