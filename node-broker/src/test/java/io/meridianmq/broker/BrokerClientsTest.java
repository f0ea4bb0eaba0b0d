package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker with two loops over real sockets, with a client library that others wrote. */
final class BrokerClientsTest {

    private static final int MESSAGES = 500;

    @TempDir
    private static Path data;

    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static RunningBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = new RunningBroker(data.resolve("data"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource(MqttQos.class)
    void deliversAllInOrderToSubscribersOfBothVersions(MqttQos qos) throws Exception {
        var topic = "order/" + qos.getCode();
        var five = client5("five-" + qos);
        var three = client3("three-" + qos);
        var publisher = client5("publisher-" + qos);
        try (var toFive = five.publishes(MqttGlobalPublishFilter.ALL, false);
                var toThree = three.publishes(MqttGlobalPublishFilter.ALL, false)) {
            five.subscribeWith().topicFilter("order/+").qos(qos).send();
            three.subscribeWith().topicFilter(topic).qos(qos).send();
            for (var i = 0; i < MESSAGES; i++) {
                publisher.publishWith().topic(topic).qos(qos).payload(bytes(i)).send();
            }
            for (var i = 0; i < MESSAGES; i++) {
                assertThat(text(toFive)).isEqualTo("" + i);
                var next = toThree.receive(30, TimeUnit.SECONDS).orElseThrow();
                assertThat(new String(next.getPayloadAsBytes(), UTF_8)).isEqualTo("" + i);
            }
        }
        five.disconnect();
        three.disconnect();
        publisher.disconnect();
    }

    @Test
    void resumesASessionFromWhicheverLoop() throws Exception {
        var publisher = client5("resume-publisher");
        var expected = new ArrayList<String>();
        var received = new ArrayList<String>();
        for (var round = 0; round < 10; round++) {
            var client = Mqtt5Client.builder()
                    .serverHost("127.0.0.1")
                    .serverPort(broker.port())
                    .identifier("resume")
                    .buildBlocking();
            try (var publishes = client.publishes(MqttGlobalPublishFilter.ALL, false)) {
                var ack = client.connectWith()
                        .cleanStart(false)
                        .sessionExpiryInterval(60)
                        .send();
                assertThat(ack.isSessionPresent()).isEqualTo(round > 0);
                if (round == 0) {
                    client.subscribeWith()
                            .topicFilter("resume/#")
                            .qos(MqttQos.EXACTLY_ONCE)
                            .send();
                }
                publisher
                        .publishWith()
                        .topic("resume/on")
                        .qos(MqttQos.EXACTLY_ONCE)
                        .payload(bytes(round))
                        .send();
                expected.add("" + round);
                while (received.size() < expected.size()) {
                    received.add(text(publishes));
                }
                client.disconnect();
            }
            publisher
                    .publishWith()
                    .topic("resume/off")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(bytes(-round))
                    .send();
            expected.add("" + -round);
        }
        assertThat(received).isEqualTo(expected.subList(0, received.size())).hasSize(19);
        publisher.disconnect();
    }

    @Test // [MQTT-3.1.4-3]
    void takesAClientOver() {
        var first = client5("same");
        var second = client5("same");
        await().atMost(Duration.ofSeconds(30)).until(() -> !first.getState().isConnected());
        assertThat(second.getState().isConnected()).isTrue();
        second.disconnect();
    }

    @Test
    void sendsManyRetainedMessagesToASlowClient() throws Exception {
        var publisher = client5("retain-publisher");
        for (var i = 0; i < 350; i++) {
            publisher
                    .publishWith()
                    .topic("kept/%03d".formatted(i))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(true)
                    .payload(bytes(i))
                    .send();
        }
        publisher
                .publishWith()
                .topic("kept/007")
                .retain(true)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        var client = Mqtt5Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .buildBlocking();
        client.connectWith()
                .restrictions()
                .receiveMaximum(7)
                .applyRestrictions()
                .send();
        try (var publishes = client.publishes(MqttGlobalPublishFilter.ALL, false)) {
            client.subscribeWith()
                    .topicFilter("kept/+")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            var expected = IntStream.range(0, 350)
                    .filter(i -> i != 7)
                    .mapToObj("kept/%03d"::formatted)
                    .toList();
            var topics = new ArrayList<String>();
            for (var i = 0; i < expected.size(); i++) {
                var publish = publishes.receive(30, TimeUnit.SECONDS).orElseThrow();
                assertThat(publish.isRetain()).isTrue(); // [MQTT-3.3.1-9]
                topics.add(publish.getTopic().toString());
            }
            assertThat(topics).isEqualTo(expected);
        }
        client.disconnect();
        publisher.disconnect();
    }

    @Test // MQTT 5, section 4.8.2
    void servesEachMessageOfASharedSubscriptionToOneMember() throws Exception {
        var members =
                IntStream.range(0, 4).mapToObj(i -> client5("member-" + i)).toList();
        var publishes = new ArrayList<Mqtt5Publishes>();
        for (var member : members) {
            publishes.add(member.publishes(MqttGlobalPublishFilter.ALL, false));
            member.subscribeWith()
                    .topicFilter("$share/g/shared")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
        }
        var publisher = client5("shared-publisher");
        for (var i = 0; i < 100; i++) {
            publisher
                    .publishWith()
                    .topic("shared")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(bytes(i))
                    .send();
        }
        var received = new ArrayList<String>();
        for (var member : publishes) {
            for (var i = 0; i < 25; i++) {
                received.add(text(member));
            }
            assertThat(member.receive(50, TimeUnit.MILLISECONDS)).isEmpty();
            member.close();
        }
        assertThat(received).doesNotHaveDuplicates().hasSize(100);
        members.forEach(Mqtt5BlockingClient::disconnect);
        publisher.disconnect();
    }

    @Test
    void endsTheConnectionOfAClientThatSendsTooMuchAtOnce() {
        var client = client3("large");
        var publish = client.toAsync()
                .publishWith()
                .topic("large")
                .payload(new byte[2 << 20])
                .send();
        await().atMost(Duration.ofSeconds(30)).until(() -> !client.getState().isConnected());
        assertThat(publish).isNotNull();
    }

    @Test
    void takesTheClientAddressFromAProxyHeader() throws IOException {
        var header = "0D0A0D0A000D0A515549540A" + "21" + "11" + "000C" + "0A000001" + "7F000001" + "C000" + "075B";
        var connect = "100F00044D5154540402003C00036C6221";
        assertThat(answer(broker.proxyPort(), header + connect)).isEqualTo("20020000");
        assertThat(answer(broker.proxyPort(), connect.repeat(20)))
                .as("without a header")
                .isEmpty();
    }

    private static String answer(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(request));
            return HexFormat.of().formatHex(read(socket.getInputStream()));
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        return in.readNBytes(4);
    }

    private static Mqtt5BlockingClient client5(String identifier) {
        var client = Mqtt5Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .identifier(identifier)
                .buildBlocking();
        client.connect();
        return client;
    }

    private static Mqtt3BlockingClient client3(String identifier) {
        var client = Mqtt3Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .identifier(identifier)
                .buildBlocking();
        client.connect();
        return client;
    }

    private static String text(Mqtt5Publishes publishes) throws InterruptedException {
        var next = publishes.receive(30, TimeUnit.SECONDS).orElseThrow();
        return new String(next.getPayloadAsBytes(), UTF_8);
    }

    private static byte[] bytes(int number) {
        return ("" + number).getBytes(UTF_8);
    }
}
