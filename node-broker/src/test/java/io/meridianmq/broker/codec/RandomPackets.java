package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.PingrespPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.meridianmq.broker.packet.RetainHandling;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UnsubackPacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Makes valid packets of version 5 with any combination of properties, from a seed. */
final class RandomPackets {

    private static final List<ProtocolVersion> VERSIONS = List.of(ProtocolVersion.values());
    private static final String[] TEXTS = {"a", "ä", "€uro", "\uD83D\uDE00", "a/b", "temperature", "\uFEFF", " "};

    private final Random random;

    RandomPackets(long seed) {
        this.random = new Random(seed);
    }

    /** Any packet but PUBLISH that {@code sender} may send. */
    Packet packet(Sender sender) {
        return switch (sender) {
            case CLIENT ->
                switch (random.nextInt(9)) {
                    case 0 -> connect();
                    case 1 -> subscribe();
                    case 2 -> unsubscribe();
                    case 3 -> PingreqPacket.INSTANCE;
                    case 4 -> auth(ReasonCode.RE_AUTHENTICATE);
                    case 5 ->
                        new DisconnectPacket(
                                ReasonCode.DISCONNECT_WITH_WILL_MESSAGE,
                                new DisconnectProperties(optionalNumber(1L << 32), optionalText(), properties(), ""));
                    default -> acknowledgement();
                };
            case SERVER ->
                switch (random.nextInt(9)) {
                    case 0 -> connack();
                    case 1 -> new SubackPacket(identifier(), reasons(PacketType.SUBACK), explanation());
                    case 2 -> new UnsubackPacket(identifier(), reasons(PacketType.UNSUBACK), explanation());
                    case 3 -> PingrespPacket.INSTANCE;
                    case 4 -> auth(ReasonCode.CONTINUE_AUTHENTICATION);
                    case 5 ->
                        new DisconnectPacket(
                                ReasonCode.SERVER_MOVED,
                                new DisconnectProperties(
                                        Properties.ABSENT, optionalText(), properties(), optionalText()));
                    default -> acknowledgement();
                };
        };
    }

    PublishMessage message() {
        return new PublishMessage(text(), data(), qos(), random.nextBoolean(), publishProperties());
    }

    /** Properties that a client may send in PUBLISH. */
    PublishProperties publishProperties() {
        return new PublishProperties(
                random.nextInt(3) - 1,
                optionalNumber(1L << 32),
                random.nextBoolean() ? 0 : identifier(),
                optionalText(),
                maybe(this::data),
                properties(),
                List.of(),
                maybe(this::text));
    }

    ProtocolVersion version() {
        return VERSIONS.get(random.nextInt(VERSIONS.size()));
    }

    Qos qos() {
        return Qos.of(random.nextInt(3));
    }

    int identifier() {
        return 1 + random.nextInt(65_535);
    }

    boolean flag() {
        return random.nextBoolean();
    }

    long optionalNumber(long bound) {
        return random.nextBoolean() ? Properties.ABSENT : random.nextLong(bound);
    }

    int[] subscriptionIdentifiers() {
        return random.ints(random.nextInt(3), 1, VariableByteInteger.MAX + 1).toArray();
    }

    private ConnectPacket connect() {
        var will = new PublishProperties(
                random.nextInt(3) - 1,
                optionalNumber(1L << 32),
                0,
                optionalText(),
                maybe(this::data),
                properties(),
                List.of(),
                maybe(this::text));
        return new ConnectPacket(
                ProtocolVersion.MQTT_5,
                random.nextBoolean(),
                random.nextInt(65_536),
                optionalText(),
                maybe(() -> new Will(
                        new PublishMessage(text(), data(), qos(), random.nextBoolean(), will),
                        random.nextLong(1L << 32))),
                maybe(this::text),
                maybe(this::data),
                new ConnectProperties(
                        random.nextLong(1L << 32),
                        identifier(),
                        1 + random.nextInt(Packet.SIZE_MAX),
                        random.nextInt(65_536),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        properties(),
                        maybe(this::authentication)));
    }

    private ConnackPacket connack() {
        var properties = ConnackProperties.builder()
                .sessionExpiryIntervalSeconds(optionalNumber(1L << 32))
                .receiveMaximum(identifier())
                .maximumQos(qos())
                .retainAvailable(random.nextBoolean())
                .maximumPacketSize(1 + random.nextInt(Packet.SIZE_MAX))
                .assignedClientIdentifier(optionalText())
                .topicAliasMaximum(random.nextInt(65_536))
                .reasonString(optionalText())
                .userProperties(properties())
                .wildcardSubscriptionAvailable(random.nextBoolean())
                .subscriptionIdentifiersAvailable(random.nextBoolean())
                .sharedSubscriptionAvailable(random.nextBoolean())
                .serverKeepAliveSeconds((int) optionalNumber(65_536))
                .responseInformation(optionalText())
                .serverReference(optionalText());
        if (random.nextBoolean()) {
            properties.authentication(authentication());
        }
        return new ConnackPacket(random.nextBoolean(), ReasonCode.SUCCESS, properties.build());
    }

    private Packet acknowledgement() {
        return switch (random.nextInt(4)) {
            case 0 -> new PubackPacket(identifier(), reason(PacketType.PUBACK), explanation());
            case 1 -> new PubrecPacket(identifier(), reason(PacketType.PUBREC), explanation());
            case 2 -> new PubrelPacket(identifier(), reason(PacketType.PUBREL), explanation());
            default -> new PubcompPacket(identifier(), reason(PacketType.PUBCOMP), explanation());
        };
    }

    private SubscribePacket subscribe() {
        var subscriptions = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(_ -> new Subscription(
                        filter(), qos(), false, random.nextBoolean(), RetainHandling.of(random.nextInt(3))))
                .toList();
        return new SubscribePacket(
                identifier(),
                subscriptions,
                random.nextBoolean() ? 0 : 1 + random.nextInt(VariableByteInteger.MAX),
                properties());
    }

    private UnsubscribePacket unsubscribe() {
        var filters = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(_ -> filter())
                .toList();
        return new UnsubscribePacket(identifier(), filters, properties());
    }

    private AuthPacket auth(ReasonCode reason) {
        return new AuthPacket(reason, Optional.of(authentication()), optionalText(), properties());
    }

    private TopicFilter filter() {
        var filters = new String[] {"#", "+", "a/+/b", "$share/g/ä/#", "$SYS/x", "/"};
        return TopicFilter.of(filters[random.nextInt(filters.length)]);
    }

    private Authentication authentication() {
        return new Authentication(optionalText(), data());
    }

    private ReasonCode reason(PacketType type) {
        var allowed = Arrays.stream(ReasonCode.values())
                .filter(reason -> reason.isAllowedIn(type))
                .toList();
        return allowed.get(random.nextInt(allowed.size()));
    }

    private List<ReasonCode> reasons(PacketType type) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(_ -> reason(type))
                .toList();
    }

    private ReasonProperties explanation() {
        return new ReasonProperties(optionalText(), properties());
    }

    private List<UserProperty> properties() {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(_ -> new UserProperty(optionalText(), optionalText()))
                .toList();
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)].repeat(1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 3));
    }

    private String optionalText() {
        return random.nextBoolean() ? "" : text();
    }

    private BinaryData data() {
        var bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 500 : 5)];
        random.nextBytes(bytes);
        return BinaryData.of(bytes);
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(value.get());
    }
}
