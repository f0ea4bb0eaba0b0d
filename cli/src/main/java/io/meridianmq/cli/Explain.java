package io.meridianmq.cli;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.cli.platform.AdminOption;
import io.meridianmq.proto.admin.v1.ExplainRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code meridian explain}. */
@Command(
        name = "explain",
        header = "Show where a message would go, hop by hop, and why.",
        description = {
            "Asks the node, then the gateways on the way, with the function that routes",
            "messages; publishes nothing. For other zones and regions it shows what their",
            "gateways decide, which is the way of QoS 0. A message of QoS 1 or 2 lands on",
            "one node there, which sends it on: to the same nodes by another way."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every component on the way has answered",
            "1:the node is unknown, or a component does not answer",
            "2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian explain plant/7/temp --from us-east/a/1",
            "  The places that a message goes to, for a script:",
            "    ./meridian explain a/b --from us-east/a/1 --json | jq '.hops[].destination'"
        })
final class Explain implements Callable<Integer> {

    @Parameters(paramLabel = "TOPIC", description = "Topic of the message, without wildcards.")
    private String topic = "";

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            required = true,
            description = "Node at which it would be published, such as us-east/a/1.")
    private String from = "";

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "0|1|2",
            defaultValue = "0",
            converter = QosConverter.class,
            description = "Default: ${DEFAULT-VALUE}.")
    private MqttQos qos = MqttQos.AT_MOST_ONCE;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print one JSON object instead of a tree.")
    private boolean json;

    @Override
    public Integer call() {
        var request = ExplainRequest.newBuilder()
                .setTopic(topic)
                .setFrom(from)
                .setQos(qos.getCode())
                .build();
        try (var client = new AdminClient(admin.endpoint())) {
            var tree = new HopTree(request, client.explain(request));
            System.out.print(json ? tree.toJson() + "\n" : tree.toText());
            return tree.isComplete() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (AdminClient.Failed e) {
            System.err.println("meridian: explain: " + e.getMessage());
            return e.exitCode();
        }
    }
}
