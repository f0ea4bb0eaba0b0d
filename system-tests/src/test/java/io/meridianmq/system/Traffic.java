package io.meridianmq.system;

import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Traffic over every kind of way through a platform of two regions of two zones of two nodes, at QoS 0 and 1, until it is
 * closed: inside zones, between zones, between regions, by devices of certain nodes, which go to the other node of their zone
 * when they lose their connection, by some that stay with their node, and by devices of the regions' load balancers.
 */
final class Traffic implements AutoCloseable {

    private static final int MESSAGES_PER_SECOND = 200;

    /** Where the devices are that do not notice when their node hangs. */
    static final String NODE_OF_THE_PATIENT = "us-east/b/1";

    private static final List<Flow.Path> PATHS = List.of(
            new Flow.Path("us-east/a", "us-east/a"),
            new Flow.Path("us-east/b", "us-east/b"),
            new Flow.Path("eu-west/a", "eu-west/a"),
            new Flow.Path("us-east/a", "us-east/b"),
            new Flow.Path("us-east/b", "us-east/a"),
            new Flow.Path("eu-west/a", "eu-west/b"),
            new Flow.Path("us-east/a", "eu-west/b"),
            new Flow.Path("eu-west/a", "us-east/b"),
            new Flow.Path("us-east", "us-east"),
            new Flow.Path("us-east", "eu-west"));

    private final List<Traveller> devices = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();
    private final Thread sender = Thread.ofPlatform().daemon().name("traffic").unstarted(this::send);
    private volatile boolean closing;

    private Traffic() {}

    /** Connects the devices and begins to send. */
    static Traffic start(LocalPlatform platform) {
        var traffic = new Traffic();
        for (var path : PATHS) {
            traffic.flow(
                    path,
                    traffic.device(platform, path.from(), List.of(2, 1)),
                    traffic.device(platform, path.to(), List.of(1, 2)));
        }
        var inside = new Flow.Path("us-east/b", "us-east/b");
        traffic.flow(inside, traffic.device(platform, "us-east/b", List.of(2, 1)), traffic.patient(platform));
        traffic.flow(inside, traffic.patient(platform), traffic.device(platform, "us-east/b", List.of(2, 1)));
        traffic.sender.start();
        return traffic;
    }

    /** @param nodes numbers of the nodes that it tries in turn, if it belongs to a zone */
    private Traveller device(LocalPlatform platform, String place, List<Integer> nodes) {
        var ports = place.contains("/")
                ? nodes.stream()
                        .map(node -> platform.portOfNode(place + "/" + node))
                        .toList()
                : List.of(platform.portOfRegion(place));
        var device = Traveller.connect("traffic-" + devices.size(), ports);
        devices.add(device);
        return device;
    }

    private Traveller patient(LocalPlatform platform) {
        var device = Traveller.patient("traffic-" + devices.size(), List.of(platform.portOfNode(NODE_OF_THE_PATIENT)));
        devices.add(device);
        return device;
    }

    private void flow(Flow.Path path, Traveller publisher, Traveller subscriber) {
        for (var qos : List.of(MqttQos.AT_MOST_ONCE, MqttQos.AT_LEAST_ONCE)) {
            flows.add(new Flow(flows.size(), path, qos, publisher, subscriber));
        }
    }

    private void send() {
        var pace = new Pace(Duration.ofSeconds(1).dividedBy(MESSAGES_PER_SECOND));
        while (!closing) {
            for (var flow : flows) {
                flow.send();
                pace.await();
            }
        }
    }

    int devices() {
        return devices.size();
    }

    List<Flow> flows() {
        return flows;
    }

    List<Flow> flows(Predicate<Flow.Path> paths) {
        return flows.stream().filter(flow -> paths.test(flow.path())).toList();
    }

    /** Returns when every flow goes on. */
    void awaitFlowing(Duration atMost) {
        await().atMost(atMost)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> flows.stream().filter(flow -> !flow.goesOn()).toList(), List::isEmpty);
    }

    @Override
    public void close() {
        closing = true;
        devices.forEach(Traveller::close);
    }
}
