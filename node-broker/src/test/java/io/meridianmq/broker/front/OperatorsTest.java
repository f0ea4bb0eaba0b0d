package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.publication.Qos;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients notice of operators who drain their node, look at them or end their connections. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
class OperatorsTest {

    private final EmbeddedNode node;

    OperatorsTest(EmbeddedNode.Sessions sessions) {
        node = new EmbeddedNode(2, sessions);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aNodeThatIsDrainedTakesNoNewClients() {
        node.drain.start(0, 100, 0);
        assertThat(v5(0).connect("five", true, 0).received())
                .containsExactly("CONNACK USE_ANOTHER_SERVER use elsewhere:1883", "closed");
        assertThat(v3(0).connect("three", true, 0).received()).containsExactly("CONNACK SERVER_UNAVAILABLE", "closed");
        node.drain.resume();
        assertThat(v5(0).connect("five", true, 0).received()).containsExactly("CONNACK SUCCESS");
    }

    @Test
    void clientsOfADrainedNodeAreToldToGoElsewhere() {
        var five = v5(0).connected("five");
        var three = v3(1).connected("three");
        var silent = v5(0);
        node.askToLeave(0, 1);
        node.askToLeave(1, 1);
        assertThat(five.received()).containsExactly("DISCONNECT USE_ANOTHER_SERVER use elsewhere:1883", "closed");
        assertThat(three.received()).containsExactly("closed");
        assertThat(silent.received()).as("who has not sent CONNECT").isEmpty();
    }

    @Test
    void noMoreClientsAreAskedThanAtATime() {
        var clients = IntStream.range(0, 10)
                .mapToObj(number -> v5(0).connected("client-" + number))
                .toList();
        node.askToLeave(0, 3);
        assertThat(clients).filteredOn(client -> !client.channel().isOpen()).hasSize(3);
        node.askToLeave(0, 100);
        assertThat(clients).filteredOn(client -> client.channel().isOpen()).isEmpty();
    }

    @ParameterizedTest // [MQTT-3.1.2-8]: the client sent no DISCONNECT. [MQTT-3.1.3-9]: it may be back before the
    // delay.
    @CsvSource({"0, 0, true", "60, 0, true", "60, 5, false"})
    void theWillOfAClientThatIsAskedToLeaveFollowsTheSpecification(long expiry, long delay, boolean isPublished) {
        var watcher = v5(1).connected("watcher").subscribe("gone", 0);
        watcher.received();
        v5(0).connect("c", true, 0, expiry, will("gone", delay));
        node.askToLeave(0, 1);
        node.pass(Duration.ofSeconds(4));
        v5(1).connect("c", false, 0, expiry, Optional.empty());
        node.pass(Duration.ofSeconds(10));
        assertThat(watcher.received()).hasSize(isPublished ? 1 : 0);
    }

    @Test
    void aSessionThatOutlivesItsConnectionWaitsForTheClientToBeBack() {
        v5(0).connect("c", true, 60).subscribe("a", 1);
        node.askToLeave(0, 1);
        v5(1).connected("p").publish("a", 1, 1, false, "x");
        assertThat(v5(1).connect("c", false, 60).received())
                .containsExactly("CONNACK SUCCESS present", "PUBLISH a qos1 #1 x");
    }

    @ParameterizedTest
    @CsvSource({"0", "1"}) // The session is on the connection's loop, or stays on another.
    void anOperatorSeesASession(int loop) {
        v5(0).connect("c", true, 60);
        var client = v5(loop).connect("c", false, 30, 60, Optional.empty());
        client.subscribe("b/#", 1);
        client.subscribe("a", 2);
        client.received();
        v5(0).connected("p").publish("a", 1, 1, false, "x");

        var session = node.look("c").orElseThrow();
        assertThat(session.connection()).hasValueSatisfying(connection -> {
            assertThat(connection.protocol()).isEqualTo("MQTT 5");
            assertThat(connection.keepAliveSeconds()).isEqualTo(30);
            assertThat(connection.address()).isNotEmpty();
        });
        assertThat(session.expirySeconds()).isEqualTo(60);
        assertThat(session.subscriptions()).isEqualTo(2);
        assertThat(session.someSubscriptions())
                .containsExactly(
                        new Answer.SubscriptionView("a", Qos.EXACTLY_ONCE),
                        new Answer.SubscriptionView("b/#", Qos.AT_LEAST_ONCE));
        assertThat(session.inFlight()).isEqualTo(1);
        assertThat(session.queued()).isZero();
        assertThat(node.look("nobody")).isEmpty();
    }

    @Test
    void aViewHasTheFirstHundredSubscriptions() {
        var client = v5(0).connected("c");
        for (var number = 149; number >= 0; number--) {
            client.subscribe("topic/%03d".formatted(number), 0);
        }
        var session = node.look("c").orElseThrow();
        assertThat(session.subscriptions()).isEqualTo(150);
        assertThat(session.someSubscriptions())
                .extracting(Answer.SubscriptionView::filter)
                .hasSize(100)
                .isSorted()
                .endsWith("topic/099");
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void anOperatorEndsAConnection(int loop) {
        v5(0).connect("five", true, 60);
        var five = v5(loop).connect("five", false, 60);
        five.received();
        var three = v3(loop).connected("three");
        assertThat(node.disconnect("five")).isTrue();
        assertThat(node.disconnect("three")).isTrue();
        assertThat(five.received()).containsExactly("DISCONNECT ADMINISTRATIVE_ACTION", "closed");
        assertThat(three.received()).containsExactly("closed");

        assertThat(node.disconnect("five")).as("without a connection").isFalse();
        assertThat(node.disconnect("nobody")).isFalse();
        assertThat(node.look("five").orElseThrow().connection()).isEmpty();
        assertThat(v5(0).connect("five", false, 60).received()).containsExactly("CONNACK SUCCESS present");
    }

    @ParameterizedTest // [MQTT-3.1.2-8]: the client sent no DISCONNECT.
    @CsvSource({"0, 0", "1, 0", "0, 60", "1, 60"})
    void theWillOfAClientThatAnOperatorDisconnectsIsPublished(int loop, long expiry) {
        var watcher = v5(1).connected("watcher").subscribe("gone", 0);
        watcher.received();
        v5(0).connect("c", true, 60);
        v5(loop).connect("c", false, 0, expiry, will("gone", 0));
        assertThat(node.disconnect("c")).isTrue();
        node.pass(Duration.ofSeconds(1));
        assertThat(watcher.received()).hasSize(1);
        assertThat(node.look("c").isPresent()).as("session").isEqualTo(expiry > 0);
    }

    private EmbeddedClient v5(int loop) {
        return node.client(ProtocolVersion.MQTT_5, loop);
    }

    private EmbeddedClient v3(int loop) {
        return node.client(ProtocolVersion.MQTT_3_1_1, loop);
    }

    private static Optional<Will> will(String topic, long delaySeconds) {
        var message =
                new PublishMessage(topic, BinaryData.of((byte) 1), Qos.AT_MOST_ONCE, false, PublishProperties.NONE);
        return Optional.of(new Will(message, delaySeconds));
    }
}
