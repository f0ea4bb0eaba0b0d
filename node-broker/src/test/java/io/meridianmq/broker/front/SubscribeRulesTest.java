package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SUBSCRIBE and UNSUBSCRIBE, in the words of both specifications, and shared subscriptions. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
final class SubscribeRulesTest {

    private static final long HOUR = 3_600;

    private final EmbeddedNode node;

    SubscribeRulesTest(EmbeddedNode.Sessions sessions) {
        node = new EmbeddedNode(2, sessions);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /**
     * [MQTT-2.2.1-6] [MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-5] [MQTT-3.8.4-6] [MQTT-3.8.4-7] [MQTT-3.9.3-1]
     * [MQTT-3.9.3-2] [MQTT3-2.3.1-7] [MQTT3-3.8.4-1] [MQTT3-3.8.4-2] [MQTT3-3.8.4-4] [MQTT3-3.8.4-5] [MQTT3-3.9.3-1]
     * [MQTT3-3.9.3-2]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void confirmsEachFilterInOrder(ProtocolVersion version) {
        var properties = version.hasProperties() ? "00" : "";
        var client = node.client(version).connected("c");
        client.sendHex((version.hasProperties() ? "820f" : "820e") + "1234" + properties + "00016102" + "00016201"
                + "00016300");
        assertThat(client.bytes())
                .isEqualTo(version.hasProperties() ? "90061234" + "00" + "020100" : "90051234" + "020100");
        v5().connected("p")
                .publish("a", 2, 1, false, "x")
                .publish("b", 2, 2, false, "x")
                .publish("c", 2, 3, false, "x");
        assertThat(client.received()).containsExactly("PUBLISH a qos2 #1 x", "PUBLISH b qos1 #2 x", "PUBLISH c qos0 x");
    }

    /**
     * [MQTT-3.10.4-1] [MQTT-3.10.4-2] [MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.10.4-6] [MQTT-3.11.3-1] [MQTT-3.11.3-2]
     * [MQTT3-3.10.4-1] [MQTT3-3.10.4-2] [MQTT3-3.10.4-4] [MQTT3-3.10.4-5] [MQTT3-3.10.4-6]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void removesExactlyTheFiltersNamed(ProtocolVersion version) {
        var client = node.client(version)
                .connected("c")
                .subscribe("a/b", 0)
                .subscribe("a/+", 0)
                .subscribe("c", 0);
        client.bytes();
        var properties = version.hasProperties() ? "00" : "";
        // c, which is there; A/b and +/b, which are not
        client.sendHex((version.hasProperties() ? "a210" : "a20f") + "0042" + properties + "000163" + "0003412f62"
                + "00032b2f62");
        assertThat(client.bytes()).isEqualTo(version.hasProperties() ? "b0060042" + "00" + "001111" : "b0020042");
        var publisher = v5().connected("p").publish("c", 0, 0, false, "x").publish("a/b", 0, 0, false, "x");
        assertThat(client.received()).containsExactly("PUBLISH a/b qos0 x");
        client.send(new UnsubscribePacket(3, List.of(TopicFilter.of("a/b"), TopicFilter.of("a/+")), List.of()));
        client.received();
        publisher.publish("a/b", 0, 0, false, "x");
        assertThat(client.received()).isEmpty();
    }

    /** [MQTT-3.10.4-3] [MQTT3-3.10.4-3] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void completesDeliveriesOfARemovedSubscription(ProtocolVersion version) {
        var first = node.client(version);
        first.connect("c", false, HOUR);
        first.subscribe("a", 2);
        v5().connected("p").publish("a", 1, 1, false, "1").publish("a", 2, 2, false, "2");
        first.received();
        first.send(new UnsubscribePacket(3, List.of(TopicFilter.of("a")), List.of()));
        first.send(new PubrecPacket(2, ReasonCode.SUCCESS));
        assertThat(first.received()).endsWith("PUBREL #2 SUCCESS");
        first.drop();
        assertThat(node.client(version).connect("c", false, HOUR).received())
                .containsExactly("CONNACK SUCCESS present", "PUBLISH a qos1 #1 dup 1", "PUBREL #2 SUCCESS");
    }

    /** [MQTT-3.8.4-3] [MQTT-3.8.4-4] [MQTT-3.3.1-9] [MQTT3-3.8.4-3] [MQTT3-3.3.1-6] [MQTT3-3.3.1-8] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void replacesASubscriptionAndSendsRetainedMessagesAgain(ProtocolVersion version) {
        v5().connected("p").publish("a", 1, 1, true, "r");
        var client = node.client(version).connected("c");
        assertThat(client.subscribe("a", 0).received()).endsWith("PUBLISH a qos0 retain r");
        assertThat(client.subscribe("a", 1).received()).endsWith("PUBLISH a qos1 #1 retain r");
        v5().connected("p").publish("a", 2, 1, false, "x");
        assertThat(client.received()).as("once, at the QoS of the second").containsExactly("PUBLISH a qos1 #2 x");
    }

    /** A copy for a group and one for the client's own subscription, each with its own identifier. [MQTT-3.3.4-5] */
    @Test
    void givesEachCopyTheIdentifierOfItsSubscription() {
        var client = v5().connected("c");
        client.subscribe(5, new Subscription(TopicFilter.of("$share/g/a"), Qos.AT_MOST_ONCE));
        client.subscribe(6, new Subscription(TopicFilter.of("a"), Qos.AT_MOST_ONCE));
        client.bytes();
        v5().connected("p").publish("a", 0, 0, false, "x");
        assertThat(client.bytes())
                .isIn(
                        "3007" + "000161" + "020b05" + "78" + "3007" + "000161" + "020b06" + "78",
                        "3007" + "000161" + "020b06" + "78" + "3007" + "000161" + "020b05" + "78");
    }

    /** [MQTT-3.3.4-3] [MQTT-3.3.4-4] */
    @Test
    void givesOneCopyTheIdentifiersOfAllThatMatch() {
        var client = v5().connected("c");
        client.subscribe(5, new Subscription(TopicFilter.of("a/#"), Qos.AT_MOST_ONCE));
        client.subscribe(268_435_455, new Subscription(TopicFilter.of("+/b"), Qos.AT_MOST_ONCE));
        client.subscribe(0, new Subscription(TopicFilter.of("a/b"), Qos.AT_MOST_ONCE));
        client.bytes();
        v5().connected("p").publish("a/b", 0, 0, false, "x");
        assertThat(client.bytes()).hasSize(2 * 16).contains("0b05").contains("0bffffff7f");
    }

    /** [MQTT-4.8.2-3] */
    @Test
    void respectsTheQosGrantedToAMember() {
        var client = v5().connected("c").subscribe("$share/g/a", 1);
        client.received();
        v5().connected("p").publish("a", 2, 1, false, "x");
        assertThat(client.received()).containsExactly("PUBLISH a qos1 #1 x");
    }

    /** [MQTT-4.8.2-6] */
    @Test
    void givesWhatAMemberRefusedToNobodyElse() {
        var one = v5().connected("one").subscribe("$share/g/a", 2);
        one.received();
        v5().connected("p").publish("a", 1, 1, false, "1").publish("a", 2, 2, false, "2");
        one.received();
        var other = v5().connected("other").subscribe("$share/g/a", 2);
        other.received();
        one.send(new PubackPacket(1, ReasonCode.UNSPECIFIED_ERROR));
        one.send(new PubrecPacket(2, ReasonCode.UNSPECIFIED_ERROR));
        one.drop();
        assertThat(other.received()).isEmpty();
    }

    /** [MQTT-4.8.2-4] [MQTT-4.8.2-5] */
    @Test
    void completesQosTwoWithTheMemberItBeganWithOrWithNobody() {
        var one = v5();
        one.connect("one", false, HOUR);
        one.subscribe("$share/g/a", 2);
        v5().connected("p").publish("a", 2, 1, false, "x");
        assertThat(one.received()).endsWith("PUBLISH a qos2 #1 x");
        var other = v5().connected("other").subscribe("$share/g/a", 2);
        other.received();
        one.drop();
        var back = v5();
        assertThat(back.connect("one", false, HOUR).received())
                .containsExactly("CONNACK SUCCESS present", "PUBLISH a qos2 #1 dup x");
        back.drop();
        v5().connect("one", true, 0); // The session is over.
        assertThat(other.received()).isEmpty();
    }

    private EmbeddedClient v5() {
        return node.client(ProtocolVersion.MQTT_5);
    }
}
