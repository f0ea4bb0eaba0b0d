package io.meridianmq.broker.remote;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.codec.FrameCut;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PublishEncoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.RetainHandling;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.core.session.Opening;
import io.meridianmq.core.session.Session;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Makes anything that fronts and sessions say to each other, from a seed. */
final class RandomMessages {

    private static final List<String> TEXTS = List.of("a", "ä", "€uro", "\uD83D\uDE00", "a/b", "temperature");
    private static final List<String> FILTERS = List.of("a", "#", "a/+/b", "$share/g/a/#", "ä/#", "/");

    private final Random random;

    RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    ToSession toSession() {
        return switch (random.nextInt(13)) {
            case 0 -> attach();
            case 1 -> new ToSession.Publish(publish(), random.nextInt(1 << 28));
            case 2 ->
                new ToSession.RefusePublish(
                        one(List.of(Qos.AT_LEAST_ONCE, Qos.EXACTLY_ONCE)),
                        identifier(),
                        one(List.of(ReasonCode.NOT_AUTHORIZED, ReasonCode.TOPIC_NAME_INVALID)),
                        random.nextInt());
            case 3 -> {
                var subscriptions = some(this::subscription);
                yield new ToSession.Subscribe(
                        new SubscribePacket(identifier(), subscriptions, random.nextInt(1 << 28), properties()),
                        subscriptions.stream()
                                .map(_ -> one(List.of(ReasonCode.SUCCESS, ReasonCode.QUOTA_EXCEEDED)))
                                .toList(),
                        random.nextInt(1 << 20));
            }
            case 4 -> new ToSession.Unsubscribe(new UnsubscribePacket(identifier(), some(this::filter), properties()));
            case 5 -> new ToSession.Credit(random.nextLong());
            case 6 -> new ToSession.TooLarge(random.nextInt(1 << 16));
            case 7 -> new ToSession.AskFilters(random.nextBoolean());
            case 8 -> new ToSession.Withdraw(some(this::filter), random.nextBoolean());
            case 9 -> new ToSession.Expelled(closeReason(), random.nextBoolean());
            case 10 ->
                new ToSession.Gone(new Departure(
                        one(List.of(Departure.Manner.values())),
                        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(expiry())));
            case 11 -> bequeath();
            default -> acknowledgement();
        };
    }

    ToClient toClient() {
        return switch (random.nextInt(10)) {
            case 0 -> new ToClient.Opened(random.nextBoolean(), expiry());
            case 1 -> new ToClient.Refuse(ReasonCode.SERVER_BUSY);
            case 2, 3 -> deliver();
            case 4 -> new ToClient.SubAck(identifier(), reasonCodes());
            case 5 -> new ToClient.UnsubAck(identifier(), reasonCodes());
            case 6 -> new ToClient.DealtWith(random.nextInt());
            case 7 -> new ToClient.Filters(some(this::filter), random.nextBoolean(), random.nextBoolean());
            case 8 -> new ToClient.Close(closeReason());
            default -> acknowledgement();
        };
    }

    /** Bytes that are nearly those of a message. */
    byte[] damage(byte[] body) {
        var damaged = new byte[random.nextInt(body.length + 2)];
        System.arraycopy(body, 0, damaged, 0, Math.min(body.length, damaged.length));
        for (var left = random.nextInt(4); left > 0 && damaged.length > 0; left--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }

    private ToSession.Attach attach() {
        var will = new Will(
                qos(),
                random.nextBoolean(),
                random.nextLong(1L << 32),
                random.nextBoolean() ? Will.NO_MESSAGE_EXPIRY : random.nextLong(1L << 32),
                CanonicalBytes.wrap(bytes()));
        return new ToSession.Attach(
                text(),
                new Opening(random.nextBoolean(), expiry(), 1 + random.nextInt(65_535), 1 + random.nextInt(65_535)),
                random.nextBoolean(),
                new ConnectionNumber(random.nextLong(), random.nextLong()),
                random.nextBoolean() ? Optional.empty() : Optional.of(will),
                new Answer.ConnectionView(random.nextLong(), text(), text(), random.nextInt(1 << 16), text()));
    }

    /** As it came from a client of any version. */
    private PublishPacket publish() {
        var version = one(List.of(ProtocolVersion.values()));
        var qos = qos();
        var out = Unpooled.buffer();
        PublishEncoder.write(out, version, message(qos), qos == Qos.AT_MOST_ONCE ? 0 : identifier(), duplicate(qos));
        var decoder = PacketDecoder.ofClientPackets(new TopicCache(), version);
        var packet = (PublishPacket) decoder.decode(out, FrameCut.frameLength(out, Packet.SIZE_MAX));
        out.release();
        return packet;
    }

    private ToClient.Deliver deliver() {
        var qos = qos();
        var retain = random.nextBoolean();
        var frame = PublishFrame.of(message(qos), ByteBufAllocator.DEFAULT);
        var expiresAtMillis = random.nextBoolean() ? Publication.NEVER : RemoteCodecTest.NOW + random.nextInt(100_000);
        var publication =
                new Publication(new PublicationId(1, 2, 3), 4, 5, frame.topic(), qos, retain, expiresAtMillis, frame);
        return new ToClient.Deliver(
                publication,
                qos,
                qos == Qos.AT_MOST_ONCE ? 0 : identifier(),
                duplicate(qos),
                retain,
                ImmutableIntArray.copyOf(
                        random.ints(random.nextInt(4), 1, 1 << 28).toArray()));
    }

    private ToSession.Bequeath bequeath() {
        var deliver = deliver();
        return new ToSession.Bequeath(
                text(),
                deliver.publication(),
                deliver.qos(),
                deliver.packetIdentifier(),
                deliver.subscriptionIdentifiers());
    }

    private PublishMessage message(Qos qos) {
        var properties = new PublishProperties(
                random.nextBoolean() ? Properties.ABSENT : 1,
                random.nextBoolean() ? Properties.ABSENT : random.nextLong(1L << 32),
                0,
                random.nextBoolean() ? "" : text(),
                random.nextBoolean() ? Optional.empty() : Optional.of(BinaryData.of(bytes())),
                properties(),
                List.of(),
                random.nextBoolean() ? Optional.empty() : Optional.of(text()));
        return new PublishMessage(text(), BinaryData.of(bytes()), qos, random.nextBoolean(), properties);
    }

    private boolean duplicate(Qos qos) {
        return qos != Qos.AT_MOST_ONCE && random.nextBoolean();
    }

    private Subscription subscription() {
        var filter = filter();
        return new Subscription(
                filter,
                qos(),
                !filter.isShared() && random.nextBoolean(),
                random.nextBoolean(),
                RetainHandling.of(random.nextInt(3)));
    }

    private Acknowledgement acknowledgement() {
        return new Acknowledgement(
                one(List.of(Acknowledgement.Type.values())),
                identifier(),
                one(List.of(ReasonCode.SUCCESS, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, ReasonCode.QUOTA_EXCEEDED)));
    }

    private List<ReasonCode> reasonCodes() {
        return some(() -> one(List.of(ReasonCode.SUCCESS, ReasonCode.GRANTED_QOS_2, ReasonCode.NOT_AUTHORIZED)));
    }

    private CloseReason closeReason() {
        return one(List.of(CloseReason.values()));
    }

    private long expiry() {
        return random.nextBoolean() ? Session.NEVER_EXPIRES : random.nextInt(1 << 20);
    }

    private List<UserProperty> properties() {
        return random.nextBoolean() ? List.of() : some(() -> new UserProperty(text(), text()));
    }

    private TopicFilter filter() {
        return TopicFilter.of(one(FILTERS));
    }

    private Qos qos() {
        return Qos.of(random.nextInt(3));
    }

    private int identifier() {
        return 1 + random.nextInt(65_535);
    }

    private String text() {
        return one(TEXTS);
    }

    private byte[] bytes() {
        var bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> List<T> some(Supplier<T> maker) {
        return IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(_ -> maker.get())
                .toList();
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
