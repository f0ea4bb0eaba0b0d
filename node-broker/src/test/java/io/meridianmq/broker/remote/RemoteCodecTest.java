package io.meridianmq.broker.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/** What fronts and sessions say to each other, as bytes and back. */
final class RemoteCodecTest {

    static final long NOW = 1_000_000;

    private static final long SEED = Long.getLong("meridian.seed", 20_250_611L);
    private static final int MESSAGES = 20_000;

    private final RandomMessages messages = new RandomMessages(SEED);
    private final ToSessionCodec toSession = new ToSessionCodec(() -> Instant.ofEpochMilli(NOW));
    private final ToClientCodec toClient = new ToClientCodec(() -> Instant.ofEpochMilli(NOW));

    @Test
    void whatAFrontSaysArrivesAsItWas() {
        for (var i = 0; i < MESSAGES; i++) {
            var message = messages.toSession();
            var expected = inWords(message);
            var read = toSession.read(CanonicalBytes.wrap(toSession.write(message)));
            assertThat(inWords(read)).as("seed %d, message %d", SEED, i).isEqualTo(expected);
            release(message);
            release(read);
        }
    }

    @Test
    void whatASessionSaysArrivesAsItWas() {
        for (var i = 0; i < MESSAGES; i++) {
            var message = messages.toClient();
            var read = toClient.read(CanonicalBytes.wrap(toClient.write(message)));
            assertThat(inWords(read)).as("seed %d, message %d", SEED, i).isEqualTo(inWords(message));
            release(message);
            release(read);
        }
    }

    @Test
    void damagedBytesAreRefusedAndNothingElseHappens() {
        for (var i = 0; i < MESSAGES; i++) {
            var message = messages.toSession();
            var body = CanonicalBytes.wrap(messages.damage(toSession.write(message)));
            release(message);
            try {
                var read = toSession.read(body);
                inWords(read);
                release(read);
            } catch (MalformedMessageException expected) {
                assertThat(expected).hasMessageMatching("(?s).+");
            } catch (RuntimeException e) {
                fail("seed %d, message %d".formatted(SEED, i), e);
            }
        }
        for (var i = 0; i < MESSAGES; i++) {
            var message = messages.toClient();
            var body = CanonicalBytes.wrap(messages.damage(toClient.write(message)));
            release(message);
            try {
                release(toClient.read(body));
            } catch (MalformedMessageException expected) {
                assertThat(expected).hasMessageMatching("(?s).+");
            } catch (RuntimeException e) {
                fail("seed %d, message %d".formatted(SEED, i), e);
            }
        }
    }

    @Test
    void whatGoesTheOtherWayIsRefused() {
        var ask = CanonicalBytes.wrap(toSession.write(new ToSession.AskFilters(true)));
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> toClient.read(ask));
        var opened = CanonicalBytes.wrap(toClient.write(new ToClient.Opened(true, 1)));
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> toSession.read(opened));
    }

    @Test
    void everyKindHasACodeOfItsOwnThatFitsAByte() {
        var codes = new HashSet<Integer>();
        for (var kind : Kind.values()) {
            assertThat(kind.code()).isBetween(1, 127);
            assertThat(codes.add(kind.code())).as(kind.name()).isTrue();
        }
    }

    /** A PUBLISH is told by what there is to know of it: its bytes are those of version 5 on the other side. */
    private static String inWords(ToSession message) {
        return switch (message) {
            case ToSession.Publish publish -> publish.packetBytes() + " " + inWords(publish.packet());
            case ToSession.Bequeath bequeath ->
                bequeath.clientId()
                        + bequeath.publication().id()
                        + bequeath.publication().timestamp()
                        + bequeath.publication().publisherHash()
                        + bequeath.publication().qos()
                        + bequeath.publication().retain()
                        + inWords(bequeath.publication())
                        + bequeath.qos()
                        + bequeath.packetIdentifier()
                        + bequeath.subscriptionIdentifiers();
            case ToSession other -> other.toString();
        };
    }

    private static String inWords(PublishPacket packet) {
        return packet + " " + packet.duplicate() + packet.retain() + packet.messageExpiryIntervalSeconds() + " "
                + canonical(packet);
    }

    private static String canonical(PublishPacket packet) {
        packet.frame().retain(); // What is made of the packet releases it.
        var frame = PublishFrame.of(packet);
        var words = canonical(frame);
        frame.release();
        return words;
    }

    private static String canonical(PublishFrame frame) {
        var out = Unpooled.buffer();
        frame.writeCanonical(out);
        return ByteBufUtil.hexDump(out);
    }

    private static String inWords(ToClient message) {
        return message instanceof ToClient.Deliver deliver
                ? inWords(deliver.publication())
                        + deliver.qos()
                        + deliver.packetIdentifier()
                        + deliver.duplicate()
                        + deliver.retain()
                        + deliver.subscriptionIdentifiers()
                : message.toString();
    }

    private static String inWords(Publication publication) {
        return publication.topic() + publication.expiresAtMillis() + canonical((PublishFrame) publication.bytes());
    }

    /** A PUBLISH is released by writing it, and by telling it in words. */
    private static void release(ToSession message) {
        if (message instanceof ToSession.Bequeath bequeath) {
            bequeath.publication().release();
        }
    }

    private static void release(ToClient message) {
        if (message instanceof ToClient.Deliver deliver) {
            deliver.publication().release();
        }
    }
}
