package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message, shared by all who are to get it: the PUBLISH it arrived in, and how to pass it on.
 *
 * <pre>
 *   received   [ fixed header | topic | identifier | properties | payload ]
 *   whole      [ ---------------------- the same memory ----------------- ]   same version, QoS 0, nothing to change
 *   renumbered [ ------- the same memory, another identifier ------------ ]   same version, QoS 1 or 2, once
 *   otherwise  [ head of its own ]             [ tail: the same memory -- ]   to a subscriber of version 5
 *              [ head of its own ]                          [ tail ------ ]   to a subscriber of 3.1 or 3.1.1
 * </pre>
 *
 * <p>A delivery is {@code if (frame.isWhole(how)) write(frame.whole()); else if (frame.claim(how))
 * write(frame.claimed()); else { write(frame.head(how, alloc)); write(frame.tail(how.version())); }}. The payload
 * is never copied. The head for plain QoS 0 is made once for each family of versions and then shared. Most messages of
 * QoS 1 and 2 have one subscriber, who gets the frame that came, with the identifier of that delivery written over the
 * publisher's. Properties of one hop (topic alias, message expiry interval, subscription
 * identifiers) never leave with the tail: if the frame has any, the others are copied once and go into heads.
 *
 * <p>Links and stores keep the <b>canonical form</b>, a PUBLISH of version 5 with QoS 0 and without those properties;
 * {@link #writeCanonical} writes it, {@link #ofCanonical} reads it.
 *
 * <p>Any thread may call. Every holder releases once.
 */
public final class PublishFrame implements PublicationBytes {

    private static final VarHandle HOLDERS;
    private static final VarHandle HEAD_BEFORE_5;
    private static final VarHandle HEAD_OF_5;
    private static final VarHandle DETACHED;
    private static final VarHandle IS_GIVEN;

    static {
        try {
            var lookup = MethodHandles.lookup();
            HOLDERS = lookup.findVarHandle(PublishFrame.class, "holders", int.class);
            HEAD_BEFORE_5 = lookup.findVarHandle(PublishFrame.class, "headBefore5", ByteBuf.class);
            HEAD_OF_5 = lookup.findVarHandle(PublishFrame.class, "headOf5", ByteBuf.class);
            DETACHED = lookup.findVarHandle(PublishFrame.class, "detached", PublishFrame.class);
            IS_GIVEN = lookup.findVarHandle(PublishFrame.class, "isGiven", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final byte[] NONE = {};

    /** How the canonical form is written; never changed. */
    private static final OutgoingPublish CANONICAL = new OutgoingPublish();

    private final PublishPacket packet;
    private final boolean inBufferOfItsOwn;

    /** Properties that go into heads; empty if the tail has them. */
    private final byte[] headProperties;

    private volatile int holders = 1;
    private volatile @Nullable ByteBuf headBefore5;
    private volatile @Nullable ByteBuf headOf5;
    private volatile @Nullable PublishFrame detached;

    /** Somebody has the frame's buffer itself, and moves its reader index: nobody else may depend on that. */
    private volatile boolean isGiven;

    private PublishFrame(PublishPacket packet, byte[] headProperties, boolean inBufferOfItsOwn) {
        this.packet = packet;
        this.headProperties = headProperties;
        this.inBufferOfItsOwn = inBufferOfItsOwn;
    }

    /**
     * Takes over a received packet together with its reference to the frame. A topic alias must have been resolved
     * ({@link PublishPacket#withTopic}).
     */
    public static PublishFrame of(PublishPacket packet) {
        assert !packet.topic().isEmpty() : "resolve the topic alias first";
        return new PublishFrame(
                packet, packet.hasPropertiesToReplace() ? ForwardedProperties.copy(packet) : NONE, false);
    }

    /** Writes a message that is made here into a buffer of its own. */
    public static PublishFrame of(PublishMessage message, ByteBufAllocator allocator) {
        var out = allocator.buffer();
        try {
            writeCanonical(message, out);
            return new PublishFrame(decodeCanonical(out, new TopicCache()), NONE, true);
        } finally {
            out.release();
        }
    }

    /** The canonical form of a message that is made here, in an array of its own. */
    public static byte[] canonical(PublishMessage message) {
        var out = Unpooled.buffer();
        writeCanonical(message, out);
        return ByteBufUtil.getBytes(out);
    }

    private static void writeCanonical(PublishMessage message, ByteBuf out) {
        var given = message.properties();
        var forwarded = new PublishProperties(
                given.payloadFormatIndicator(),
                Properties.ABSENT,
                0,
                given.responseTopic(),
                given.correlationData(),
                given.userProperties(), // [MQTT-3.1.3-10]
                List.of(),
                given.contentType());
        var canonical = new PublishMessage(message.topic(), message.payload(), Qos.AT_MOST_ONCE, false, forwarded);
        PublishEncoder.write(out, ProtocolVersion.MQTT_5, canonical, 0, false);
    }

    /**
     * Reads a canonical frame that came over a link or out of a store, and keeps a slice of it.
     *
     * @param in has the frame from its reader index to its writer index; no index moves, and the caller keeps its
     *     reference
     * @param topics cache of whoever reads
     * @throws ProtocolException if it is not a canonical frame
     */
    public static PublishFrame ofCanonical(ByteBuf in, TopicCache topics) {
        return new PublishFrame(decodeCanonical(in, topics), NONE, false);
    }

    private static PublishPacket decodeCanonical(ByteBuf in, TopicCache topics) {
        var length = FrameCut.frameLength(in, Packet.SIZE_MAX);
        if (length != in.readableBytes() || in.getUnsignedByte(in.readerIndex()) != PacketType.PUBLISH.firstByte()) {
            throw ProtocolException.malformed("not one whole PUBLISH with QoS 0, no DUP and no RETAIN");
        }
        var headerLength = FrameCut.headerLength(in);
        FrameCut.checkShortest(headerLength, length);
        var packet = PublishDecoder.of(Sender.SERVER).decode(in, topics, headerLength, length, ProtocolVersion.MQTT_5);
        if (packet.hasPropertiesToReplace()) {
            packet.release();
            throw ProtocolException.malformed("topic alias, expiry or subscription identifier in a canonical PUBLISH");
        }
        return packet;
    }

    /** Returns the topic name. */
    public String topic() {
        return packet.topic();
    }

    /** Returns the number of bytes of the payload. */
    public int payloadLength() {
        return packet.payloadLength();
    }

    /** Returns the payload in the same memory, with a reference that the caller releases. */
    public ByteBuf payload() {
        return tail(ProtocolVersion.MQTT_3_1_1);
    }

    /** Returns whether this subscriber can be sent the received frame as it is: {@link #whole}. */
    public boolean isWhole(OutgoingPublish how) {
        return how.isPlain()
                && how.version().hasProperties() == packet.version().hasProperties()
                && !packet.hasPropertiesToReplace()
                && packet.firstByte() == (byte) PacketType.PUBLISH.firstByte();
    }

    /** Returns the received frame in the same memory, with indexes of its own and a reference that the caller releases. */
    public ByteBuf whole() {
        var frame = packet.frame();
        return !isGiven && IS_GIVEN.compareAndSet(this, false, true)
                ? frame.retain() // Most messages have one subscriber, and need no slice of the slice.
                : frame.retainedSlice(0, frame.writerIndex());
    }

    /**
     * Claims the received frame for this delivery alone, and writes its packet identifier over the publisher's; then the
     * frame is what this subscriber is to get. Others get heads of their own: nobody reads the identifier in the frame any more.
     *
     * @return false if somebody has the frame, or more than the identifier is to change, or the frame is not to be written to,
     *     as that of a client at another node is not
     */
    public boolean claim(OutgoingPublish how) {
        if (how.qos() == Qos.AT_MOST_ONCE
                || how.firstByte() != Byte.toUnsignedInt(packet.firstByte())
                || packet.topicLength() == 0
                || packet.hasPropertiesToReplace()
                || how.version().hasProperties() != packet.version().hasProperties()
                || (how.version().hasProperties() && hopPropertiesLength(how) > 0)
                || packet.frame().isReadOnly()
                || isGiven
                || !IS_GIVEN.compareAndSet(this, false, true)) {
            return false;
        }
        packet.frame().setShort(packet.topicStart() + packet.topicLength(), how.packetIdentifier());
        return true;
    }

    /** Returns the received frame, from index 0 to its writer index, borrowed; no index may be moved. */
    public ByteBuf received() {
        return packet.frame();
    }

    /** Returns the frame that the caller has {@link #claim}ed, with a reference that the caller releases. */
    public ByteBuf claimed() {
        return packet.frame().retain();
    }

    /** Returns the size in bytes of the packet that this subscriber would get. It may be more than MQTT allows. */
    public int packetSize(OutgoingPublish how) {
        var remainingLength = remainingLength(how);
        return 1 + VariableByteInteger.size(remainingLength) + remainingLength;
    }

    /**
     * Returns all that comes before {@link #tail}, with a reference that the caller releases.
     *
     * @param how its {@link #packetSize} is within what MQTT and the receiver allow [MQTT-3.1.2-24]
     */
    public ByteBuf head(OutgoingPublish how, ByteBufAllocator allocator) {
        return how.isPlain() ? plainHead(how, allocator).retainedDuplicate() : newHead(how, allocator);
    }

    /** Returns what follows the head, possibly nothing, with a reference that the caller releases. */
    public ByteBuf tail(ProtocolVersion version) {
        var start = packet.payloadStart() - tailPropertiesLength(version);
        var length = packet.frame().writerIndex() - start;
        return length == 0 ? Unpooled.EMPTY_BUFFER : packet.frame().retainedSlice(start, length);
    }

    /** Returns the size in bytes of the canonical form. */
    public int canonicalSize() {
        return packetSize(CANONICAL);
    }

    /** Writes the canonical form. */
    public void writeCanonical(ByteBuf out) {
        write(CANONICAL, out);
    }

    /** Writes a copy of the whole packet that this subscriber would get, {@link #packetSize} bytes. */
    public void write(OutgoingPublish how, ByteBuf out) {
        var frame = packet.frame();
        if (isWhole(how)) {
            out.writeBytes(frame, 0, frame.writerIndex());
            return;
        }
        writeHead(how, out);
        var start = packet.payloadStart() - tailPropertiesLength(how.version());
        out.writeBytes(frame, start, frame.writerIndex() - start);
    }

    /**
     * Returns the same message in a buffer of its own, for whoever has to wait: the network buffer it arrived in is much
     * larger and wanted back. Copies at most once, whoever asks.
     *
     * @return a share that the caller releases; the caller's share of this stays
     */
    public PublishFrame detached(ByteBufAllocator allocator) {
        if (inBufferOfItsOwn) {
            return share();
        }
        var known = detached;
        if (known == null) {
            known = copy(allocator);
            if (!DETACHED.compareAndSet(this, null, known)) {
                known.release(); // Another thread was faster.
                known = Objects.requireNonNull(detached);
            }
        }
        return known.share();
    }

    private PublishFrame copy(ByteBufAllocator allocator) {
        var frame = packet.frame();
        var length = frame.writerIndex();
        var copy = allocator.buffer(length, length).writeBytes(frame, 0, length);
        return new PublishFrame(packet.withFrame(copy), headProperties, true);
    }

    @Override
    public int sizeBytes() {
        return forwardedLength() + packet.payloadLength();
    }

    @Override
    public PublishFrame share() {
        if ((int) HOLDERS.getAndAdd(this, 1) <= 0) {
            throw new IllegalStateException("shared after the last release: " + packet);
        }
        return this;
    }

    @Override
    public PublishFrame shareForLong() {
        return detached(PooledByteBufAllocator.DEFAULT);
    }

    @Override
    public void release() {
        if (holders == 1) {
            HOLDERS.setOpaque(this, 0); // Nobody else has it who could share it meanwhile.
            free();
            return;
        }
        var before = (int) HOLDERS.getAndAdd(this, -1);
        if (before <= 0) {
            throw new IllegalStateException("released more often than shared: " + packet.topic());
        }
        if (before == 1) {
            free();
        }
    }

    private void free() {
        packet.release();
        var before5 = headBefore5;
        if (before5 != null) {
            before5.release();
        }
        var of5 = headOf5;
        if (of5 != null) {
            of5.release();
        }
        var twin = detached;
        if (twin != null) {
            twin.release();
        }
    }

    private ByteBuf plainHead(OutgoingPublish how, ByteBufAllocator allocator) {
        var of5 = how.version().hasProperties();
        var known = of5 ? headOf5 : headBefore5;
        if (known != null) {
            return known;
        }
        var made = newHead(how, allocator);
        if ((of5 ? HEAD_OF_5 : HEAD_BEFORE_5).compareAndSet(this, null, made)) {
            return made;
        }
        made.release(); // Another thread was faster.
        return Objects.requireNonNull(of5 ? headOf5 : headBefore5);
    }

    private ByteBuf newHead(OutgoingPublish how, ByteBufAllocator allocator) {
        var length = packetSize(how) - packet.payloadLength() - tailPropertiesLength(how.version());
        var head = allocator.buffer(length, length);
        writeHead(how, head);
        return head;
    }

    private void writeHead(OutgoingPublish how, ByteBuf out) {
        var remainingLength = remainingLength(how);
        assert remainingLength <= VariableByteInteger.MAX : remainingLength;
        out.writeByte(how.firstByte());
        VariableByteInteger.write(out, remainingLength);
        writeTopic(how, out);
        if (how.qos() != Qos.AT_MOST_ONCE) {
            out.writeShort(how.packetIdentifier());
        }
        if (how.version().hasProperties()) {
            VariableByteInteger.write(out, hopPropertiesLength(how) + forwardedLength()); // [MQTT-2.2.2-1]
            PropertyWriter.writeFourByteInteger(
                    out, Property.MESSAGE_EXPIRY_INTERVAL, how.expirySeconds(), Properties.ABSENT); // [MQTT-3.3.2-6]
            PropertyWriter.writeTwoByteInteger(out, Property.TOPIC_ALIAS, how.topicAlias(), 0);
            for (var i = 0; i < how.subscriptionIdentifierCount(); i++) { // [MQTT-3.3.4-3] [MQTT-3.3.4-4]
                PropertyWriter.writeVariableByteInteger(
                        out, Property.SUBSCRIPTION_IDENTIFIER, how.subscriptionIdentifier(i));
            }
            out.writeBytes(headProperties);
        }
    }

    private void writeTopic(OutgoingPublish how, ByteBuf out) {
        if (how.isTopicLeftOut()) {
            out.writeShort(0);
        } else if (packet.topicLength() > 0) {
            out.writeBytes(packet.frame(), packet.topicStart() - 2, 2 + packet.topicLength());
        } else {
            Utf8.write(out, packet.topic());
        }
    }

    private int remainingLength(OutgoingPublish how) {
        var length = topicSize(how) + packet.payloadLength() + (how.qos() == Qos.AT_MOST_ONCE ? 0 : 2);
        if (how.version().hasProperties()) {
            var properties = hopPropertiesLength(how) + forwardedLength();
            length += VariableByteInteger.size(properties) + properties;
        }
        return length;
    }

    private int topicSize(OutgoingPublish how) {
        if (how.isTopicLeftOut()) {
            return 2;
        }
        return 2 + (packet.topicLength() > 0 ? packet.topicLength() : ByteBufUtil.utf8Bytes(packet.topic()));
    }

    private static int hopPropertiesLength(OutgoingPublish how) {
        var length = (how.expirySeconds() == Properties.ABSENT ? 0 : 5) + (how.topicAlias() == 0 ? 0 : 3);
        for (var i = 0; i < how.subscriptionIdentifierCount(); i++) {
            length += 1 + VariableByteInteger.size(how.subscriptionIdentifier(i));
        }
        return length;
    }

    /** Length of the properties that all receivers of version 5 get, wherever they are kept. */
    private int forwardedLength() {
        return headProperties.length + tailPropertiesLength(ProtocolVersion.MQTT_5);
    }

    private int tailPropertiesLength(ProtocolVersion version) {
        return version.hasProperties() && !packet.hasPropertiesToReplace() ? packet.propertiesLength() : 0;
    }

    @Override
    public String toString() {
        return packet + (inBufferOfItsOwn ? ", detached, " : ", ") + holders + " holders";
    }
}
