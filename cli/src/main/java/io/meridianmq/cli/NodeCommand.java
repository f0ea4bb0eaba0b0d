package io.meridianmq.cli;

import com.google.protobuf.Duration;
import io.meridianmq.proto.admin.v1.DrainNodeRequest;
import io.meridianmq.proto.admin.v1.GetNodeRequest;
import io.meridianmq.proto.admin.v1.MaintenanceGrpc;
import io.meridianmq.proto.admin.v1.NodeDrain;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.meridianmq.proto.admin.v1.ResumeNodeRequest;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code meridian node}. */
@Command(
        name = "node",
        header = "Take a node out of service, and put it back.",
        description = {
            "A node that is drained takes no new clients: its readiness fails, so that load",
            "balancers send them elsewhere. Those it has are asked to leave, so many each",
            "second, and the other nodes of its zone take over its slots. A node that starts",
            "again is in service."
        },
        mixinStandardHelpOptions = true,
        subcommands = {NodeCommand.Drain.class, NodeCommand.Resume.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or no answer", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  Before a node is upgraded:",
            "    ./meridian node drain us-east/a/1 --wait 600",
            "  ./meridian node resume us-east/a/1"
        })
final class NodeCommand {

    private static final String EXIT_CODES = "%nExit codes:%n";
    private static final long LOOK_EVERY_SECONDS = 1;

    @Command(
            name = "drain",
            header = "Take a node out of service.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {
                "0:being drained, or, with --wait, without clients and slots",
                "1:the node is unknown, does not answer, or has some still after --wait",
                "2:wrong usage"
            })
    static final class Drain implements Callable<Integer> {

        @Parameters(paramLabel = "NODE", description = "The node, such as us-east/a/1.")
        private String node = "";

        @Option(
                names = "--delay",
                paramLabel = "SECONDS",
                defaultValue = "5",
                description = {
                    "How long load balancers get to notice before the first client is",
                    "asked to leave. Default: ${DEFAULT-VALUE}."
                })
        private long delaySeconds;

        @Option(
                names = "--rate",
                paramLabel = "CLIENTS",
                defaultValue = "100",
                description = "Clients asked to leave each second. Default: ${DEFAULT-VALUE}.")
        private int clientsPerSecond;

        @Option(
                names = "--wait",
                paramLabel = "SECONDS",
                defaultValue = "0",
                description = {"Wait so long until the node has no clients and no slots, and show how many", "it has."})
        private long waitSeconds;

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = DrainNodeRequest.newBuilder()
                    .setPlace(node)
                    .setDelay(Duration.newBuilder().setSeconds(delaySeconds))
                    .setClientsPerSecond(clientsPerSecond)
                    .build();
            return control.ask(client -> {
                var drain = client.ask(MaintenanceGrpc::newBlockingStub, maintenance -> maintenance.drainNode(request));
                print(control, drain);
                return waitSeconds <= 0 ? ExitCode.OK : await(client);
            });
        }

        private static String left(NodeDrain progress) {
            if (!progress.getDraining()) {
                return "the node is in service: it has started again, or somebody has resumed it";
            }
            if (progress.getConnections() > 0) {
                return progress.getConnections() + " clients are connected still; it goes on without this command";
            }
            return progress.getSlots()
                    + " slots are here still: the other nodes of the zone take them over, if it has any"
                    + " in service";
        }

        private int await(AdminClient client) {
            var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
            var get = GetNodeRequest.newBuilder().setPlace(node).build();
            while (true) {
                var component = client.ask(PlatformGrpc::newBlockingStub, platform -> platform.getNode(get))
                        .getComponent();
                var progress = NodeDrain.newBuilder()
                        .setPlace(node)
                        .setDraining(component.getDraining())
                        .setConnections((int) component.getFiguresOrDefault("mqtt_connections", 0.0))
                        .setSlots((int) component.getFiguresOrDefault("meridian_slots_owned", 0.0))
                        .build();
                print(control, progress);
                if (progress.getDraining() && progress.getConnections() == 0 && progress.getSlots() == 0) {
                    return ExitCode.OK;
                }
                if (System.nanoTime() - deadline >= 0) {
                    System.err.println("meridian node drain: " + left(progress));
                    return ExitCode.SOFTWARE;
                }
                try {
                    TimeUnit.SECONDS.sleep(LOOK_EVERY_SECONDS);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return ExitCode.SOFTWARE;
                }
            }
        }
    }

    @Command(
            name = "resume",
            header = "Put a node back in service.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:in service", "1:the node is unknown or does not answer", "2:wrong usage"})
    static final class Resume implements Callable<Integer> {

        @Parameters(paramLabel = "NODE", description = "The node, such as us-east/a/1.")
        private String node = "";

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = ResumeNodeRequest.newBuilder().setPlace(node).build();
            return control.ask(client -> {
                print(
                        control,
                        client.ask(MaintenanceGrpc::newBlockingStub, maintenance -> maintenance.resumeNode(request)));
                return ExitCode.OK;
            });
        }
    }

    private static void print(Control control, NodeDrain drain) {
        System.out.print(
                control.json()
                        ? Printed.jsonLine(Printed.object(
                                Map.entry("node", drain.getPlace()),
                                Map.entry("draining", drain.getDraining()),
                                Map.entry("connections", drain.getConnections()),
                                Map.entry("slots", drain.getSlots())))
                        : drain.getPlace() + (drain.getDraining() ? " is being drained, " : " is in service, ")
                                + drain.getConnections() + " clients connected, " + drain.getSlots() + " slots\n");
    }
}
