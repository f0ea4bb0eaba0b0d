package io.meridianmq.cli;

import io.meridianmq.cli.platform.AdminOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code meridian topology}. */
@Command(
        name = "topology",
        header = "Show the regions, zones and nodes that are alive, with live figures.",
        description = {
            "A component is live if it has reported within the last 3 s, else silent, and",
            "gone after 10 s; draining, if it is live and on its way out of service.",
            "Messages come IN from clients and go OUT to clients."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:global-control does not answer", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian topology",
            "  Of another platform:",
            "    ./meridian topology --admin control.example:20003",
            "  Nodes that are alive, for a script:",
            "    ./meridian topology --json | jq '.regions[].zones[].nodes[].place'"
        })
final class Topology implements Callable<Integer> {

    @Mixin
    private AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print one JSON object instead of a tree.")
    private boolean json;

    @Override
    public Integer call() {
        try (var client = new AdminClient(admin.endpoint())) {
            var tree = new PlatformTree(client.platform());
            System.out.print(json ? tree.toJson() + "\n" : tree.toText());
            return ExitCode.OK;
        } catch (AdminClient.Failed e) {
            System.err.println("meridian: topology: " + e.getMessage());
            return e.exitCode();
        }
    }
}
