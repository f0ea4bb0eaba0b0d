package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose disk has no room, and then has some again. The disk is one in memory, which takes root to make. */
@Tag("server")
class FullDiskTest {

    private static final int DISK_MB = 160;
    private static final int LEFT_MB = 20;
    private static final int MB = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Path disk = Path.of("");

    @BeforeEach
    void makeDisk() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        var mounted = CommandLine.run(
                List.of("mount", "-t", "tmpfs", "-o", "size=" + DISK_MB + "m", "tmpfs", disk.toString()));
        assumeTrue(mounted.exitCode() == 0, "a disk in memory cannot be made: " + mounted.errors());
    }

    @AfterEach
    void removeDisk() throws IOException, InterruptedException {
        CommandLine.run(List.of("umount", "-l", disk.toString()));
    }

    @Test
    void whatCannotBeKeptIsRefusedUntilThereIsRoomAgain() throws IOException {
        try (var broker = StandaloneBroker.start(disk, List.of())) {
            leaveSession(broker, "durable", "kept/#");
            var client = connect(broker, "other", 0);
            client.subscribeWith()
                    .topicFilter("passing/#")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            publish(client, "kept/before", false);
            publish(client, "kept/retained", true);
            var filler = fill();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(refusal(client, "kept/full", false))
                            .isEqualTo(Mqtt5PubAckReasonCode.QUOTA_EXCEEDED));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(refusal(client, "somewhere", true))
                            .isEqualTo(Mqtt5PubAckReasonCode.QUOTA_EXCEEDED));
            var durable = connect(broker, "durable", 60);
            assertThat(subscribeRefusal(durable)).isEqualTo(Mqtt5SubAckReasonCode.QUOTA_EXCEEDED);
            publish(client, "passing/by", false); // What needs no room is delivered as ever.
            try (var got = client.publishes(MqttGlobalPublishFilter.ALL)) {
                publish(client, "passing/by/again", false);
                assertThat(receive(got)).isEqualTo("passing/by/again");
            }

            Files.delete(filler);
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> publish(client, "kept/after", false));
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> publish(client, "somewhere", true));
            durable.subscribeWith().topicFilter("more/#").send();
            durable.disconnect();
            client.disconnect();
        }
    }

    private static String receive(Mqtt5BlockingClient.Mqtt5Publishes publishes) {
        try {
            return publishes
                    .receive(SOON.toSeconds(), TimeUnit.SECONDS)
                    .orElseThrow()
                    .getTopic()
                    .toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void leaveSession(StandaloneBroker broker, String clientId, String filter) {
        var client = connect(broker, clientId, 60);
        client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
        client.disconnectWith().sessionExpiryInterval(60).send();
    }

    private static Mqtt5BlockingClient connect(StandaloneBroker broker, String clientId, long expirySeconds) {
        var client = Mqtt5Client.builder()
                .identifier(clientId)
                .serverAddress(broker.address())
                .buildBlocking();
        client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(expirySeconds)
                .send();
        return client;
    }

    private static void publish(Mqtt5BlockingClient client, String topic, boolean retain) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(retain)
                .payload("value".getBytes(StandardCharsets.UTF_8))
                .send();
    }

    /** The reason code of the PUBACK; success if it is none. */
    private static Mqtt5PubAckReasonCode refusal(Mqtt5BlockingClient client, String topic, boolean retain) {
        try {
            publish(client, topic, retain);
            return Mqtt5PubAckReasonCode.SUCCESS;
        } catch (Mqtt5PubAckException e) {
            return e.getMqttMessage().getReasonCode();
        }
    }

    private static Mqtt5SubAckReasonCode subscribeRefusal(Mqtt5BlockingClient client) {
        try {
            return client.subscribeWith()
                    .topicFilter("more/#")
                    .send()
                    .getReasonCodes()
                    .getFirst();
        } catch (Mqtt5SubAckException e) {
            return e.getMqttMessage().getReasonCodes().getFirst();
        }
    }

    /** Leaves less on the disk than the broker's reserve. */
    private Path fill() throws IOException {
        var filler = disk.resolve("filler");
        var part = new byte[MB];
        try (var out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(disk).getUsableSpace() > (long) LEFT_MB * MB) {
                out.write(part);
            }
        }
        return filler;
    }
}
