package io.meridianmq.cli;

import io.meridianmq.proto.admin.v1.Follower;
import io.meridianmq.proto.admin.v1.GetSettingsRequest;
import io.meridianmq.proto.admin.v1.GetSettingsResponse;
import io.meridianmq.proto.admin.v1.ListSettingKeysRequest;
import io.meridianmq.proto.admin.v1.ListSettingsVersionsRequest;
import io.meridianmq.proto.admin.v1.RollBackSettingsRequest;
import io.meridianmq.proto.admin.v1.SettingKey;
import io.meridianmq.proto.admin.v1.SettingsGrpc;
import io.meridianmq.proto.admin.v1.SettingsVersion;
import io.meridianmq.proto.admin.v1.UpdateSettingsRequest;
import io.meridianmq.proto.admin.v1.WatchSettingsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code meridian config}. */
@Command(
        name = "config",
        header = "Show and change what is set for the whole platform while it runs.",
        description = {
            "Settings are versioned: each change makes a version of them all, global topics",
            "included. Nodes go by what is set here first, and by their own configuration",
            "where nothing is. Changes are in force everywhere within seconds."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            Config.Get.class,
            Config.Keys.class,
            Config.Put.class,
            Config.History.class,
            Config.Rollback.class,
            Config.Watch.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or global-control does not answer", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian config put session.queued-messages-max=500 -m 'less memory'",
            "  Only if nobody else has changed anything since version 7:",
            "    ./meridian config put cross-region=listed --expect 7",
            "  ./meridian config history",
            "  ./meridian config rollback 7"
        })
final class Config {

    private static final String EXIT_CODES = "%nExit codes:%n";

    @Command(
            name = "get",
            header = "Show what is set, and who does not follow it yet.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:shown", "1:the key is not set, or global-control does not answer", "2:wrong usage"})
    static final class Get implements Callable<Integer> {

        @Parameters(paramLabel = "KEY", arity = "0..1", description = "Print the value of this key alone.")
        private @Nullable String key;

        @Option(names = "--at", paramLabel = "VERSION", description = "An earlier version. Default: the one in force.")
        private @Nullable Long version;

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = GetSettingsRequest.newBuilder();
            if (version != null) {
                request.setVersion(version);
            }
            return control.ask(client -> {
                var got = client.ask(SettingsGrpc::newBlockingStub, settings -> settings.getSettings(request.build()));
                if (key != null) {
                    return one(key, got.getVersion());
                }
                System.out.print(control.json() ? Printed.json(object(got)) : text(got));
                return ExitCode.OK;
            });
        }

        private int one(String name, SettingsVersion settings) {
            var value = settings.getValuesMap().get(name);
            if (value == null) {
                System.err.println("meridian config get: " + name
                        + " is not set for the platform: each node goes by its own configuration");
                return ExitCode.SOFTWARE;
            }
            System.out.print(control.json() ? Printed.json(value) : value + "\n");
            return ExitCode.OK;
        }

        private static String text(GetSettingsResponse got) {
            var settings = got.getVersion();
            var text = new StringBuilder(headline(settings)).append("\n\n");
            var rows = new ArrayList<List<String>>();
            Printed.sorted(settings.getValuesMap()).forEach((name, value) -> rows.add(List.of(name, value)));
            text.append(rows.isEmpty() ? "no key is set\n" : Printed.table(List.of("KEY", "VALUE"), rows));
            text.append('\n').append(settings.getTopicsCount()).append(" global topics (meridian topics list)\n");
            if (settings.getVersion() == got.getInForce()) {
                text.append(following(got)).append('\n');
            }
            return text.toString();
        }

        private static String following(GetSettingsResponse got) {
            var follow = got.getComponents() - got.getBehindCount();
            var text = follow + " of " + got.getComponents() + " components follow this version";
            return got.getBehindCount() == 0
                    ? text
                    : text + "; not yet: "
                            + got.getBehindList().stream().map(Get::behind).collect(Collectors.joining(", "));
        }

        private static String behind(Follower follower) {
            return follower.getPlace()
                    + (follower.hasVersion() ? " (version " + follower.getVersion() + ")" : " (has not reported)");
        }

        private static Map<String, Object> object(GetSettingsResponse got) {
            var object = Config.object(got.getVersion());
            object.put("inForce", got.getInForce());
            object.put("components", got.getComponents());
            object.put(
                    "behind",
                    got.getBehindList().stream()
                            .map(follower -> Printed.object(
                                    Map.entry("place", follower.getPlace()),
                                    Map.entry("version", follower.hasVersion() ? follower.getVersion() : -1)))
                            .toList());
            return object;
        }
    }

    @Command(
            name = "keys",
            header = "List the keys that can be set.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:listed", "1:global-control does not answer", "2:wrong usage"})
    static final class Keys implements Callable<Integer> {

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            return control.ask(client -> {
                var keys = client.ask(
                                SettingsGrpc::newBlockingStub,
                                settings -> settings.listSettingKeys(ListSettingKeysRequest.getDefaultInstance()))
                        .getKeysList();
                System.out.print(
                        control.json()
                                ? Printed.json(keys.stream().map(Keys::object).toList())
                                : Printed.table(
                                        List.of("KEY", "ALLOWED", "MEANING"),
                                        keys.stream()
                                                .map(key ->
                                                        List.of(key.getName(), key.getAllowed(), key.getDescription()))
                                                .toList()));
                return ExitCode.OK;
            });
        }

        private static Map<String, Object> object(SettingKey key) {
            return Printed.object(
                    Map.entry("key", key.getName()),
                    Map.entry("allowed", key.getAllowed()),
                    Map.entry("meaning", key.getDescription()));
        }
    }

    @Command(
            name = "put",
            header = "Set keys for the whole platform, or take them back.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {
                "0:in force",
                "1:another version is in force than expected, or global-control does not answer",
                "2:wrong usage, an unknown key or a bad value"
            })
    static final class Put implements Callable<Integer> {

        @Parameters(paramLabel = "KEY=VALUE", arity = "0..*", description = "Keys and values; see config keys.")
        private List<String> assignments = List.of();

        @Option(
                names = "--unset",
                split = ",",
                paramLabel = "KEY",
                description = "Keys that are as each node's own configuration says from then on.")
        private List<String> unset = List.of();

        @Mixin
        private Authorship authorship = new Authorship();

        @Mixin
        private Control control = new Control();

        @Spec
        private CommandSpec command = CommandSpec.create();

        @Override
        public Integer call() {
            var request = UpdateSettingsRequest.newBuilder()
                    .addAllUnset(unset)
                    .setAuthor(authorship.author())
                    .setComment(authorship.comment());
            for (var assignment : assignments) {
                var equals = assignment.indexOf('=');
                if (equals < 1) {
                    throw new ParameterException(
                            command.commandLine(), "\"" + assignment + "\" is no setting: write KEY=VALUE");
                }
                request.putSet(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
            authorship.expected().ifPresent(request::setExpectedVersion);
            return control.ask(client -> written(
                    control,
                    client.ask(SettingsGrpc::newBlockingStub, settings -> settings.updateSettings(request.build()))));
        }
    }

    @Command(
            name = "history",
            header = "List the last versions, newest first.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:listed", "1:global-control does not answer", "2:wrong usage"})
    static final class History implements Callable<Integer> {

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            return control.ask(client -> {
                var versions = client.ask(
                                SettingsGrpc::newBlockingStub,
                                settings ->
                                        settings.listSettingsVersions(ListSettingsVersionsRequest.getDefaultInstance()))
                        .getVersionsList();
                System.out.print(
                        control.json()
                                ? Printed.json(
                                        versions.stream().map(History::object).toList())
                                : text(versions));
                return ExitCode.OK;
            });
        }

        private static String text(List<SettingsVersion> versions) {
            return versions.isEmpty()
                    ? "nothing has been set yet\n"
                    : Printed.table(
                            List.of("VERSION", "WHEN", "BY", "CHANGE", "COMMENT"),
                            versions.stream()
                                    .map(version -> List.of(
                                            String.valueOf(version.getVersion()),
                                            Printed.time(version.getWrittenAt()),
                                            version.getAuthor(),
                                            version.getChange(),
                                            version.getComment()))
                                    .toList());
        }

        private static Map<String, Object> object(SettingsVersion version) {
            return Printed.object(
                    Map.entry("version", version.getVersion()),
                    Map.entry("writtenAt", Printed.time(version.getWrittenAt())),
                    Map.entry("author", version.getAuthor()),
                    Map.entry("change", version.getChange()),
                    Map.entry("comment", version.getComment()));
        }
    }

    @Command(
            name = "rollback",
            header = "Make what was in force at an earlier version be so again, global topics included.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {
                "0:in force",
                "1:the version is not kept, another one is in force than expected, or no answer",
                "2:wrong usage"
            })
    static final class Rollback implements Callable<Integer> {

        @Parameters(paramLabel = "VERSION", description = "The version to go back to; see config history.")
        private long version;

        @Mixin
        private Authorship authorship = new Authorship();

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = RollBackSettingsRequest.newBuilder()
                    .setVersion(version)
                    .setAuthor(authorship.author())
                    .setComment(authorship.comment());
            authorship.expected().ifPresent(request::setExpectedVersion);
            return control.ask(client -> written(
                    control,
                    client.ask(SettingsGrpc::newBlockingStub, settings -> settings.rollBackSettings(request.build()))));
        }
    }

    @Command(
            name = "watch",
            header = "Print the version in force, and each that replaces it, until interrupted.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"1:global-control does not answer, or ends", "2:wrong usage"})
    static final class Watch implements Callable<Integer> {

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            return control.ask(client -> {
                client.follow(
                        SettingsGrpc::newBlockingStub,
                        settings -> settings.watchSettings(WatchSettingsRequest.getDefaultInstance()),
                        version -> System.out.print(
                                control.json() ? Printed.jsonLine(object(version)) : headline(version) + "\n"));
                return ExitCode.SOFTWARE;
            });
        }
    }

    private static int written(Control control, SettingsVersion version) {
        System.out.print(
                control.json()
                        ? Printed.json(object(version))
                        : "version " + version.getVersion() + " is in force: " + version.getChange() + "\n");
        return ExitCode.OK;
    }

    private static String headline(SettingsVersion version) {
        if (!version.hasWrittenAt()) {
            return "version " + version.getVersion() + ": " + version.getChange();
        }
        return "version " + version.getVersion() + ", by " + version.getAuthor() + " at "
                + Printed.time(version.getWrittenAt()) + ": " + version.getChange()
                + (version.getComment().isEmpty() ? "" : " (" + version.getComment() + ")");
    }

    private static Map<String, Object> object(SettingsVersion version) {
        var object = Printed.object(
                Map.entry("version", version.getVersion()),
                Map.entry("values", Printed.sorted(version.getValuesMap())),
                Map.entry(
                        "topics",
                        version.getTopicsList().stream().map(Topics::object).toList()));
        if (version.hasWrittenAt()) {
            object.put("writtenAt", Printed.time(version.getWrittenAt()));
            object.put("author", version.getAuthor());
            object.put("comment", version.getComment());
            object.put("change", version.getChange());
        }
        return object;
    }
}
