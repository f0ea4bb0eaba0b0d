package io.meridianmq.cli.load.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.cli.load.mqtt.ClientSettings.Filter;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageFactory;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientTest {

    private static final long SECOND = 1_000_000_000;
    private static final int KEEP_ALIVE_SECONDS = 10;

    private final Recorder recorder = new Recorder();
    private final Client client = client(300);

    /** Advanced by hand. */
    private long now = 5;

    private boolean isStarted;

    @Test
    void connectsAndSubscribes() {
        client.start(now);
        assertThat(recorder.take()).containsExactly("open");
        client.onOpened(now);
        assertThat(recorder.take()).containsExactly("CONNECT");
        client.onPacket(connack(false), now);
        assertThat(recorder.take()).containsExactly("SUBSCRIBE 65535");
        assertThat(client.isReady()).isFalse();
        client.onPacket(suback(1), now);
        assertThat(recorder.take()).containsExactly("ready false");
        assertThat(client.isReady()).isTrue();
    }

    @Test
    void continuedSessionIsNotSubscribedAgain() {
        client.start(now);
        client.onOpened(now);
        recorder.take();
        client.onPacket(connack(true), now);

        assertThat(recorder.take()).containsExactly("ready true");
    }

    @Test
    void refusedConnectionIsTriedAgainAfterAWait() {
        client.start(now);
        client.onOpened(now);
        recorder.take();
        client.onPacket(connack(MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED, false), now);

        assertThat(recorder.take()).containsExactly("close", "failed: CONNACK with reason code 0x97");
        client.tick(now + Client.BACKOFF_MIN_NANOS - 1);
        assertThat(recorder.take()).isEmpty();
        client.tick(now + Client.BACKOFF_MIN_NANOS);
        assertThat(recorder.take()).containsExactly("open");
    }

    @Test
    void refusedSubscriptionIsAFailedAttempt() {
        client.start(now);
        client.onOpened(now);
        client.onPacket(connack(false), now);
        recorder.take();
        client.onPacket(suback(0x87), now);

        assertThat(recorder.take()).containsExactly("close", "failed: SUBACK with reason code 0x87");
    }

    @Test
    void waitsLongerAfterEachFailureUpToALimitAndStartsAnewAfterASuccess() {
        client.start(now);
        long last = 0;
        for (var attempt = 0; attempt < 12; attempt++) {
            client.onClosed("refused", now);
            var wait = waitForAttempt();
            assertThat(wait).isBetween(last / 2, Client.BACKOFF_MAX_NANOS);
            last = wait;
        }
        assertThat(last).isGreaterThanOrEqualTo(Client.BACKOFF_MAX_NANOS / 2);
        client.onOpened(now);
        client.onPacket(connack(true), now);
        client.onClosed("broken", now);

        assertThat(waitForAttempt()).isLessThanOrEqualTo(2 * Client.BACKOFF_MIN_NANOS);
    }

    @Test
    void attemptThatTakesTooLongIsGivenUp() {
        client.start(now);
        client.onOpened(now);
        recorder.take();
        client.tick(now + Client.PATIENCE_NANOS - 1);
        assertThat(recorder.take()).isEmpty();
        client.tick(now + Client.PATIENCE_NANOS);

        assertThat(recorder.take()).containsExactly("close", "failed: no answer within 10 s");
    }

    @Test
    void pingsWhenNothingWasSentOrHeardForTheKeepAliveTime() {
        ready(client, false);
        client.tick(now + KEEP_ALIVE_SECONDS * SECOND - 1);
        assertThat(recorder.take()).isEmpty();
        now += KEEP_ALIVE_SECONDS * SECOND;
        client.tick(now);
        client.tick(now + 1);
        assertThat(recorder.take()).containsExactly("PINGREQ");
        client.onPacket(MqttMessage.PINGRESP, now);

        now += KEEP_ALIVE_SECONDS * SECOND;
        client.publish(message(1, 0), now);
        recorder.take();
        client.tick(now);
        assertThat(recorder.take()).as("it heard nothing").containsExactly("PINGREQ");
    }

    @Test
    void connectionOnWhichNothingIsHeardIsClosed() {
        ready(client, false);
        client.tick(now + KEEP_ALIVE_SECONDS * SECOND);
        recorder.take();
        client.tick(now + KEEP_ALIVE_SECONDS * SECOND * 3 / 2);

        assertThat(recorder.take())
                .containsExactly("close", "down: nothing was heard for one and a half times the keep-alive");
    }

    @Test
    void brokersKeepAliveTakesThePlaceOfItsOwn() {
        client.start(now);
        client.onOpened(now);
        var properties = new MqttProperties();
        properties.add(new IntegerProperty(MqttProperties.SERVER_KEEP_ALIVE, 2));
        client.onPacket(connack(MqttConnectReturnCode.CONNECTION_ACCEPTED, true, properties), now);
        recorder.take();
        client.tick(now + 2 * SECOND);

        assertThat(recorder.take()).containsExactly("PINGREQ");
    }

    @Test
    void publishesAndTellsTheOutcome() {
        ready(client, false);
        client.publish(message(10, 0), now);
        client.publish(message(11, 1), now);
        client.publish(message(12, 1), now);
        client.publish(message(13, 2), now);
        assertThat(recorder.take())
                .containsExactly(
                        "PUBLISH 0 q0 10",
                        "sent 10",
                        "PUBLISH 1 q1 11",
                        "sent 11",
                        "PUBLISH 2 q1 12",
                        "sent 12",
                        "PUBLISH 3 q2 13",
                        "sent 13");

        client.onPacket(reply(MqttMessageType.PUBACK, 1, 0x10), now);
        client.onPacket(reply(MqttMessageType.PUBACK, 2, 0x97), now);
        client.onPacket(reply(MqttMessageType.PUBREC, 3, 0), now);
        client.onPacket(reply(MqttMessageType.PUBCOMP, 3, 0), now);

        assertThat(recorder.take())
                .containsExactly("acknowledged 11", "refused 12 with 0x97", "acknowledged 13", "PUBREL 3");
        assertThat(client.isDone()).isTrue();
    }

    @Test
    void refusedQos2PublishNeedsNoRelease() {
        ready(client, false);
        client.publish(message(1, 2), now);
        recorder.take();
        client.onPacket(reply(MqttMessageType.PUBREC, 1, 0x97), now);

        assertThat(recorder.take()).containsExactly("refused 1 with 0x97");
        assertThat(client.isDone()).isTrue();
    }

    @Test
    void publishesWaitForTheBrokersWindow() {
        client.start(now);
        client.onOpened(now);
        var properties = new MqttProperties();
        properties.add(new IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, 2));
        client.onPacket(connack(MqttConnectReturnCode.CONNECTION_ACCEPTED, true, properties), now);
        recorder.take();
        client.publish(message(1, 1), now);
        client.publish(message(2, 2), now);
        client.publish(message(3, 1), now);
        assertThat(recorder.take()).containsExactly("PUBLISH 1 q1 1", "sent 1", "PUBLISH 2 q2 2", "sent 2");

        client.onPacket(reply(MqttMessageType.PUBREC, 2, 0), now);
        assertThat(recorder.take()).as("until PUBCOMP").containsExactly("acknowledged 2", "PUBREL 2");
        client.onPacket(reply(MqttMessageType.PUBCOMP, 2, 0), now);
        assertThat(recorder.take()).containsExactly("PUBLISH 3 q1 3", "sent 3");
    }

    @Test
    void continuedSessionGetsWhatWasNotAcknowledgedAgainInOrder() {
        ready(client, false);
        client.publish(message(1, 1), now);
        client.publish(message(2, 2), now);
        client.publish(message(3, 2), now);
        client.onPacket(reply(MqttMessageType.PUBREC, 2, 0), now);
        client.onClosed("broken", now);
        client.publish(message(4, 1), now);
        recorder.take();

        ready(client, true);

        assertThat(recorder.take())
                .containsExactly(
                        "open",
                        "CONNECT",
                        "ready true",
                        "PUBLISH 1 dup q1 1",
                        "sent 1",
                        "PUBREL 2",
                        "PUBLISH 3 dup q2 3",
                        "sent 3",
                        "PUBLISH 4 q1 4",
                        "sent 4");
    }

    @Test
    void newSessionGetsQos1AnewAndQos2IsGivenUp() {
        ready(client, false);
        client.publish(message(1, 1), now);
        client.publish(message(2, 2), now);
        client.publish(message(3, 1), now);
        client.publish(message(4, 2), now);
        client.onPacket(reply(MqttMessageType.PUBREC, 4, 0), now);
        client.onClosed("broken", now);
        recorder.take();

        ready(client, false);

        assertThat(recorder.take())
                .containsExactly(
                        "open",
                        "CONNECT",
                        "abandoned 2",
                        "SUBSCRIBE 65535",
                        "ready false",
                        "PUBLISH 5 q1 1",
                        "sent 1",
                        "PUBLISH 6 q1 3",
                        "sent 3");
    }

    @Test
    void takesALimitedNumberWhileItIsAway() {
        client.start(now);
        assertThat(client.canPublish(0)).isFalse();
        for (var number = 0; number < Outbox.WAITING_MAX; number++) {
            assertThat(client.canPublish(1)).isTrue();
            client.publish(message(number, 1), now);
        }
        assertThat(client.canPublish(1)).isFalse();
        assertThat(client.canPublish(2)).isFalse();
    }

    @Test
    void connectionThatTakesNothingGetsNoQos0() {
        ready(client, false);
        assertThat(client.canPublish(0)).isTrue();
        recorder.setWritable(false);
        assertThat(client.canPublish(0)).isFalse();
        assertThat(client.canPublish(1)).isTrue();
    }

    @Test
    void answersWhatItGets() {
        ready(client, false);
        client.onPacket(publish("t", 0, 0), now);
        client.onPacket(publish("t", 1, 7), now);
        client.onPacket(publish("t", 2, 8), now);
        client.onPacket(reply(MqttMessageType.PUBREL, 8, 0), now);

        assertThat(recorder.take())
                .containsExactly("message t q0", "message t q1", "PUBACK 7", "message t q2", "PUBREC 8", "PUBCOMP 8");
    }

    @Test
    void qos2MessageThatIsSentAgainBeforeItsReleaseIsDeliveredOnce() {
        ready(client, false);
        client.onPacket(publish("t", 2, 8), now);
        client.onClosed("broken", now);
        ready(client, true);
        recorder.take();
        client.onPacket(publish("t", 2, 8), now);
        client.onPacket(reply(MqttMessageType.PUBREL, 8, 0), now);
        client.onPacket(publish("t", 2, 8), now);

        assertThat(recorder.take()).containsExactly("PUBREC 8", "PUBCOMP 8", "message t q2", "PUBREC 8");
    }

    @Test
    void newSessionForgetsWhatWasNotReleased() {
        ready(client, false);
        client.onPacket(publish("t", 2, 8), now);
        client.onClosed("broken", now);
        ready(client, false);
        recorder.take();
        client.onPacket(publish("t", 2, 8), now);

        assertThat(recorder.take()).containsExactly("message t q2", "PUBREC 8");
    }

    @Test
    void brokersDisconnectEndsTheConnectionWithItsReason() {
        ready(client, false);
        var header = new MqttReasonCodeAndPropertiesVariableHeader((byte) 0x8e, MqttProperties.NO_PROPERTIES);
        client.onPacket(new MqttMessage(header(MqttMessageType.DISCONNECT), header), now);

        assertThat(recorder.take()).containsExactly("close", "down: the broker disconnected it: reason code 0x8e");
    }

    @Test
    void packetThatCannotBeUnderstoodEndsTheConnection() {
        ready(client, false);
        client.onPacket(MqttMessageFactory.newInvalidMessage(new IllegalStateException("broken")), now);

        assertThat(recorder.take()).first().isEqualTo("close");
        assertThat(client.isReady()).isFalse();
    }

    @Test
    void acknowledgementOfWhatWasNotPublishedEndsTheConnection() {
        ready(client, false);
        client.onPacket(reply(MqttMessageType.PUBACK, 77, 0), now);

        assertThat(recorder.take()).containsExactly("close", "down: PUBACK of what was not published");
    }

    @Test
    void stopDisconnectsForGood() {
        ready(client, false);
        client.stop(now);
        assertThat(recorder.take()).containsExactly("DISCONNECT", "close");
        client.onClosed("closed", now);
        client.tick(now + 100 * SECOND);
        assertThat(recorder.take()).isEmpty();
        assertThat(client.canPublish(1)).isFalse();
    }

    private Client client(int sessionExpirySeconds) {
        return new Client(
                new ClientSettings("c", sessionExpirySeconds, KEEP_ALIVE_SECONDS, List.of(new Filter("t/#", 2))),
                recorder,
                recorder,
                new Random(1));
    }

    /** Lets the client connect, for the first time or again; what happens the first time is not recorded. */
    private void ready(Client each, boolean isSessionPresent) {
        if (isStarted) {
            now += Client.BACKOFF_MAX_NANOS;
            each.tick(now);
        } else {
            each.start(now);
        }
        each.onOpened(now);
        each.onPacket(connack(isSessionPresent), now);
        if (!isSessionPresent) {
            each.onPacket(suback(1), now);
        }
        if (!isStarted) {
            isStarted = true;
            recorder.take();
        }
    }

    private long waitForAttempt() {
        recorder.take();
        var begin = now;
        while (recorder.take().isEmpty()) {
            now += SECOND / 100;
            client.tick(now);
        }
        return now - begin;
    }

    private static Publish message(long token, int qos) {
        return new Publish(token, "t", Long.toString(token).getBytes(StandardCharsets.UTF_8), qos);
    }

    private static MqttMessage connack(boolean isSessionPresent) {
        return connack(MqttConnectReturnCode.CONNECTION_ACCEPTED, isSessionPresent);
    }

    private static MqttMessage connack(MqttConnectReturnCode code, boolean isSessionPresent) {
        return connack(code, isSessionPresent, MqttProperties.NO_PROPERTIES);
    }

    private static MqttMessage connack(
            MqttConnectReturnCode code, boolean isSessionPresent, MqttProperties properties) {
        return new MqttConnAckMessage(
                header(MqttMessageType.CONNACK), new MqttConnAckVariableHeader(code, isSessionPresent, properties));
    }

    private static MqttMessage suback(int reasonCode) {
        return new MqttSubAckMessage(
                header(MqttMessageType.SUBACK),
                MqttMessageIdVariableHeader.from(65_535),
                new MqttSubAckPayload(reasonCode));
    }

    private static MqttMessage reply(MqttMessageType type, int identifier, int reasonCode) {
        return Packets.reply(type, identifier, reasonCode);
    }

    private static MqttMessage publish(String topic, int qos, int identifier) {
        return new MqttPublishMessage(
                new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.valueOf(qos), false, 0),
                new MqttPublishVariableHeader(topic, identifier, MqttProperties.NO_PROPERTIES),
                Unpooled.copiedBuffer("q" + qos, StandardCharsets.UTF_8));
    }

    private static MqttFixedHeader header(MqttMessageType type) {
        return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0);
    }
}
