package io.meridianmq.cli;

import io.meridianmq.proto.admin.v1.CreateGlobalTopicRequest;
import io.meridianmq.proto.admin.v1.DeleteGlobalTopicRequest;
import io.meridianmq.proto.admin.v1.GlobalTopic;
import io.meridianmq.proto.admin.v1.ListGlobalTopicsRequest;
import io.meridianmq.proto.admin.v1.SettingsGrpc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code meridian topics}. */
@Command(
        name = "topics",
        header = "Show and change the global topics: what may go from region to region.",
        description = {
            "By default whatever is wanted in a region goes there, and global topics",
            "restrict nothing. With the setting cross-region=listed, nothing but global",
            "topics leaves its region. Changes are in force everywhere within seconds."
        },
        mixinStandardHelpOptions = true,
        subcommands = {Topics.Add.class, Topics.Show.class, Topics.Remove.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or global-control does not answer", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  Let nothing but alarms leave their region:",
            "    ./meridian topics add 'alarm/#' -m 'all regions watch alarms'",
            "    ./meridian config put cross-region=listed",
            "  ./meridian topics list"
        })
final class Topics {

    private static final String EXIT_CODES = "%nExit codes:%n";

    @Command(
            name = "add",
            header = "Add a global topic.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:added", "1:it exists, or global-control does not answer", "2:wrong usage"})
    static final class Add implements Callable<Integer> {

        @Parameters(paramLabel = "FILTER", description = "Topic filter, such as 'plant/+/temp'.")
        private String filter = "";

        @Option(
                names = "--from",
                split = ",",
                paramLabel = "REGION",
                description = "Only out of these regions. Default: out of all.")
        private List<String> from = List.of();

        @Option(
                names = "--to",
                split = ",",
                paramLabel = "REGION",
                description = "Only into these regions. Default: into all.")
        private List<String> to = List.of();

        @Mixin
        private Authorship authorship = new Authorship();

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = CreateGlobalTopicRequest.newBuilder()
                    .setTopic(GlobalTopic.newBuilder()
                            .setFilter(filter)
                            .addAllFrom(from)
                            .addAllTo(to))
                    .setAuthor(authorship.author())
                    .setComment(authorship.comment());
            authorship.expected().ifPresent(request::setExpectedVersion);
            return control.ask(client -> {
                var added = client.ask(
                        SettingsGrpc::newBlockingStub, settings -> settings.createGlobalTopic(request.build()));
                System.out.print(
                        control.json() ? Printed.json(object(added)) : added.getFilter() + " is a global topic\n");
                return ExitCode.OK;
            });
        }
    }

    @Command(
            name = "list",
            header = "List the global topics.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:listed", "1:global-control does not answer", "2:wrong usage"})
    static final class Show implements Callable<Integer> {

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            return control.ask(client -> {
                var listed = client.ask(
                        SettingsGrpc::newBlockingStub,
                        settings -> settings.listGlobalTopics(ListGlobalTopicsRequest.getDefaultInstance()));
                System.out.print(
                        control.json()
                                ? Printed.json(Printed.object(
                                        Map.entry("crossRegion", mode(listed.getListedOnly())),
                                        Map.entry(
                                                "topics",
                                                listed.getTopicsList().stream()
                                                        .map(Topics::object)
                                                        .toList())))
                                : text(listed.getTopicsList(), listed.getListedOnly()));
                return ExitCode.OK;
            });
        }

        private static String text(List<GlobalTopic> topics, boolean listedOnly) {
            var rule = listedOnly
                    ? "cross-region is listed: nothing else leaves its region\n"
                    : "cross-region is interest: whatever is wanted elsewhere leaves its region\n";
            if (topics.isEmpty()) {
                return "there are no global topics\n" + rule;
            }
            var rows = topics.stream()
                    .map(topic -> List.of(topic.getFilter(), regions(topic.getFromList()), regions(topic.getToList())))
                    .toList();
            return Printed.table(List.of("FILTER", "FROM", "TO"), rows) + "\n" + rule;
        }

        private static String mode(boolean listedOnly) {
            return listedOnly ? "listed" : "interest";
        }

        private static String regions(List<String> regions) {
            return regions.isEmpty() ? "all" : String.join(", ", regions);
        }
    }

    @Command(
            name = "remove",
            header = "Remove a global topic.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:removed", "1:there is none, or global-control does not answer", "2:wrong usage"})
    static final class Remove implements Callable<Integer> {

        @Parameters(paramLabel = "FILTER", description = "Topic filter of the global topic.")
        private String filter = "";

        @Mixin
        private Authorship authorship = new Authorship();

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = DeleteGlobalTopicRequest.newBuilder()
                    .setFilter(filter)
                    .setAuthor(authorship.author())
                    .setComment(authorship.comment());
            authorship.expected().ifPresent(request::setExpectedVersion);
            return control.ask(client -> {
                var version = client.ask(
                        SettingsGrpc::newBlockingStub, settings -> settings.deleteGlobalTopic(request.build()));
                System.out.print(
                        control.json()
                                ? Printed.json(Printed.object(Map.entry("version", version.getVersion())))
                                : filter + " is no global topic any more\n");
                return ExitCode.OK;
            });
        }
    }

    static Map<String, Object> object(GlobalTopic topic) {
        return Printed.object(
                Map.entry("filter", topic.getFilter()),
                Map.entry("from", List.copyOf(topic.getFromList())),
                Map.entry("to", List.copyOf(topic.getToList())));
    }
}
