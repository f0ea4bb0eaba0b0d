package io.meridianmq.cli;

import io.meridianmq.proto.admin.v1.ClientsGrpc;
import io.meridianmq.proto.admin.v1.DisconnectClientRequest;
import io.meridianmq.proto.admin.v1.FindSessionRequest;
import io.meridianmq.proto.admin.v1.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code meridian session}. */
@Command(
        name = "session",
        header = "Show a client's session, and end its connection.",
        mixinStandardHelpOptions = true,
        subcommands = {SessionCommand.Show.class, SessionCommand.Disconnect.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:no such session, or a node does not answer", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian session show meter-7 --zone us-east/a",
            "  ./meridian session disconnect meter-7 --zone us-east/a"
        })
final class SessionCommand {

    private static final String EXIT_CODES = "%nExit codes:%n";

    /** Which client is meant. */
    private static final class Client {

        @Parameters(paramLabel = "CLIENT", description = "Client identifier.")
        private String id = "";

        @Option(names = "--zone", paramLabel = "ZONE", required = true, description = "The zone, such as us-east/a.")
        private String zone = "";
    }

    @Command(
            name = "show",
            header = "Show a client's session.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {"0:shown", "1:the client has none in the zone, or a node does not answer", "2:wrong usage"})
    static final class Show implements Callable<Integer> {

        @Mixin
        private Client client = new Client();

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = FindSessionRequest.newBuilder()
                    .setClientId(client.id)
                    .setZone(client.zone)
                    .build();
            return control.ask(admin -> {
                var found = admin.ask(ClientsGrpc::newBlockingStub, clients -> clients.findSession(request));
                var session = found.getSession();
                var isComplete = !found.hasUnanswered();
                System.out.print(
                        control.json() ? Printed.json(object(session, isComplete)) : text(session, isComplete));
                if (!isComplete) {
                    System.err.println("meridian session show: no answer from "
                            + found.getUnanswered().getPlace() + ": "
                            + found.getUnanswered().getReason() + "; shown is what "
                            + session.getOwner() + " knows of it");
                    return ExitCode.SOFTWARE;
                }
                return ExitCode.OK;
            });
        }

        /** @param isComplete whether the node with the session has told what only it knows */
        private static String text(Session session, boolean isComplete) {
            var rows = new LinkedHashMap<String, String>();
            rows.put("node", session.getNode());
            rows.put("slot", session.getSlot() + " of " + session.getOwner());
            rows.put("connection", connection(session));
            if (session.hasConnection()) {
                var connection = session.getConnection();
                rows.put("since", Printed.time(connection.getSince()));
                rows.put("address", connection.getAddress());
                rows.put("user", connection.getUserName().isEmpty() ? "none" : connection.getUserName());
                rows.put("protocol", connection.getProtocol());
                rows.put(
                        "keep alive",
                        connection.hasKeepAlive() ? connection.getKeepAlive().getSeconds() + " s" : "none");
            }
            rows.put("will", will(session));
            rows.put("expiry", session.hasExpiry() ? session.getExpiry().getSeconds() + " s" : "never");
            if (isComplete) {
                rows.put("queued", session.getQueued() + " messages");
                rows.put("in flight", session.getInFlight() + " messages");
                rows.put("subscriptions", String.valueOf(session.getSubscriptionCount()));
            }
            var lines = rows.entrySet().stream()
                    .map(row -> List.of(row.getKey(), row.getValue()))
                    .toList();
            var text = new StringBuilder(Printed.table(List.of("SESSION", session.getClientId()), lines));
            if (session.getSubscriptionsCount() > 0) {
                text.append('\n')
                        .append(Printed.table(
                                List.of("FILTER", "QOS"),
                                session.getSubscriptionsList().stream()
                                        .map(subscription -> List.of(
                                                subscription.getFilter(), String.valueOf(subscription.getMaximumQos())))
                                        .toList()));
                if (session.getSubscriptionCount() > session.getSubscriptionsCount()) {
                    text.append("and ")
                            .append(session.getSubscriptionCount() - session.getSubscriptionsCount())
                            .append(" more\n");
                }
            }
            return text.toString();
        }

        private static String connection(Session session) {
            return "number " + session.getConnectionNumber()
                    + (session.getConnected()
                            ? ""
                            : ", ended " + session.getAway().getSeconds() + " s ago");
        }

        private static String will(Session session) {
            if (!session.hasWillDelay()) {
                return "none";
            }
            var seconds = session.getWillDelay().getSeconds();
            return seconds == 0
                    ? "published if the client is lost"
                    : "published if the client is lost for " + seconds + " s";
        }

        private static Map<String, Object> object(Session session, boolean isComplete) {
            var object = Printed.object(
                    Map.entry("clientId", session.getClientId()),
                    Map.entry("node", session.getNode()),
                    Map.entry("slot", session.getSlot()),
                    Map.entry("owner", session.getOwner()),
                    Map.entry("connected", session.getConnected()),
                    Map.entry("connectionNumber", session.getConnectionNumber()));
            if (session.hasAway()) {
                object.put("awaySeconds", session.getAway().getSeconds());
            }
            if (session.hasWillDelay()) {
                object.put("willDelaySeconds", session.getWillDelay().getSeconds());
            }
            if (session.hasConnection()) {
                var connection = session.getConnection();
                object.put("since", Printed.time(connection.getSince()));
                object.put("address", connection.getAddress());
                if (!connection.getUserName().isEmpty()) {
                    object.put("userName", connection.getUserName());
                }
                object.put("protocol", connection.getProtocol());
                object.put("keepAliveSeconds", connection.getKeepAlive().getSeconds());
            }
            if (session.hasExpiry()) {
                object.put("expirySeconds", session.getExpiry().getSeconds());
            }
            if (!isComplete) {
                return object;
            }
            object.put("queued", session.getQueued());
            object.put("inFlight", session.getInFlight());
            object.put("subscriptionCount", session.getSubscriptionCount());
            object.put(
                    "subscriptions",
                    session.getSubscriptionsList().stream()
                            .map(subscription -> Printed.object(
                                    Map.entry("filter", subscription.getFilter()),
                                    Map.entry("maximumQos", subscription.getMaximumQos())))
                            .toList());
            return object;
        }
    }

    @Command(
            name = "disconnect",
            header = "End a client's connection; a session that outlives it stays.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = EXIT_CODES,
            exitCodeList = {
                "0:its connection is closed",
                "1:it is not connected in the zone, or a node that has to do with it does not answer",
                "2:wrong usage"
            })
    static final class Disconnect implements Callable<Integer> {

        @Mixin
        private Client client = new Client();

        @Mixin
        private Control control = new Control();

        @Override
        public Integer call() {
            var request = DisconnectClientRequest.newBuilder()
                    .setClientId(client.id)
                    .setZone(client.zone)
                    .build();
            return control.ask(admin -> {
                var done = admin.ask(ClientsGrpc::newBlockingStub, clients -> clients.disconnectClient(request));
                System.out.print(
                        control.json()
                                ? Printed.json(Printed.object(
                                        Map.entry("clientId", client.id), Map.entry("node", done.getNode())))
                                : client.id + " is disconnected from " + done.getNode() + "\n");
                return ExitCode.OK;
            });
        }
    }
}
