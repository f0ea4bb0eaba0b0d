package io.meridianmq.cli;

import io.meridianmq.proto.admin.v1.ClientsGrpc;
import io.meridianmq.proto.admin.v1.ListSubscribersRequest;
import io.meridianmq.proto.admin.v1.ListSubscribersResponse;
import io.meridianmq.proto.admin.v1.NodeSubscribers;
import io.meridianmq.proto.admin.v1.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code meridian subscribers}. */
@Command(
        name = "subscribers",
        header = "Show whose subscriptions match a topic.",
        description = {
            "Asks the nodes. Of a shared subscription each message reaches one member on the",
            "whole platform. Whether a message goes to other regions at all, explain says."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every node has answered",
            "1:the place is unknown, or a node does not answer",
            "2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian subscribers plant/7/temp",
            "  Of one zone, all of them, for a script:",
            "    ./meridian subscribers a/b --in us-east/a --limit 1000000 --json"
        })
final class Subscribers implements Callable<Integer> {

    private static final int PAGE = 1_000;

    @Parameters(paramLabel = "TOPIC", description = "Topic name, without wildcards.")
    private String topic = "";

    @Option(names = "--in", paramLabel = "PLACE", description = "Region, zone or node. Default: the whole platform.")
    private String place = "";

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "List so many at most; counts are of all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin
    private Control control = new Control();

    @Override
    public Integer call() {
        return control.ask(client -> {
            var found = new ArrayList<Subscriber>();
            var page = read(client, found, "");
            while (!page.getNextPageToken().isEmpty() && found.size() < limit) {
                page = read(client, found, page.getNextPageToken());
            }
            System.out.print(control.json() ? json(page, found) : text(page, found));
            page.getUnansweredList()
                    .forEach(missing -> System.err.println(
                            "meridian subscribers: no answer from " + missing.getPlace() + ": " + missing.getReason()));
            return page.getUnansweredCount() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
        });
    }

    private ListSubscribersResponse read(AdminClient client, List<Subscriber> found, String token) {
        var request = ListSubscribersRequest.newBuilder()
                .setTopic(topic)
                .setPlace(place)
                .setPageSize(Math.clamp(limit - found.size(), 1, PAGE))
                .setPageToken(token)
                .build();
        var page = client.ask(ClientsGrpc::newBlockingStub, clients -> clients.listSubscribers(request));
        found.addAll(page.getSubscribersList());
        return page;
    }

    private String text(ListSubscribersResponse page, List<Subscriber> found) {
        if (page.getNodesCount() == 0) {
            return "nobody subscribes to " + topic + "\n";
        }
        var counts = Printed.table(
                List.of("NODE", "SUBSCRIPTIONS", "SHARED"),
                page.getNodesList().stream()
                        .map(node -> List.of(
                                node.getNode(),
                                String.valueOf(node.getSubscriptions()),
                                String.valueOf(node.getGroups())))
                        .toList());
        var listed = Printed.table(
                List.of("NODE", "CLIENT", "FILTER", "CONNECTED"),
                found.stream()
                        .map(each -> List.of(
                                each.getNode(),
                                each.getClientId(),
                                each.getFilter(),
                                each.getConnected() ? "yes" : "no"))
                        .toList());
        return counts + "\n" + listed + (page.getNextPageToken().isEmpty() ? "" : "and more: see --limit\n");
    }

    private String json(ListSubscribersResponse page, List<Subscriber> found) {
        return Printed.json(Printed.object(
                Map.entry("topic", topic),
                Map.entry(
                        "nodes",
                        page.getNodesList().stream().map(Subscribers::object).toList()),
                Map.entry("subscribers", found.stream().map(Subscribers::object).toList()),
                Map.entry("complete", page.getNextPageToken().isEmpty() && page.getUnansweredCount() == 0)));
    }

    private static Map<String, Object> object(NodeSubscribers node) {
        return Printed.object(
                Map.entry("node", node.getNode()),
                Map.entry("subscriptions", node.getSubscriptions()),
                Map.entry("groups", node.getGroups()));
    }

    private static Map<String, Object> object(Subscriber subscriber) {
        return Printed.object(
                Map.entry("node", subscriber.getNode()),
                Map.entry("clientId", subscriber.getClientId()),
                Map.entry("filter", subscriber.getFilter()),
                Map.entry("connected", subscriber.getConnected()));
    }
}
