package io.meridianmq.cli;

import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5MessageException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and as whom {@code pub} and {@code sub} connect: the options that they share. */
final class BrokerConnection {

    @Option(
            names = {"-h", "--host"},
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            defaultValue = "1883",
            description = "Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = {"-i", "--id"},
            paramLabel = "ID",
            defaultValue = "",
            description = "Client identifier. Default: the broker chooses one.")
    private String clientIdentifier = "";

    @Option(
            names = {"-u", "--username"},
            paramLabel = "NAME")
    private @Nullable String username;

    @Option(
            names = {"-P", "--pw"},
            paramLabel = "PASSWORD")
    private @Nullable String password;

    @Option(
            names = {"-k", "--keep-alive"},
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Default: ${DEFAULT-VALUE}; 0 for none.")
    private int keepAliveSeconds;

    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and shows the help.
    private boolean help;

    boolean hasClientIdentifier() {
        return !clientIdentifier.isEmpty();
    }

    Mqtt5ClientBuilder client() {
        var builder = Mqtt5Client.builder().serverHost(host).serverPort(port);
        return clientIdentifier.isEmpty() ? builder : builder.identifier(clientIdentifier);
    }

    Mqtt5ConnectBuilder connect() {
        var connect = Mqtt5Connect.builder().keepAlive(keepAliveSeconds);
        if (username == null) {
            return connect;
        }
        var authentication = connect.simpleAuth().username(username);
        return password == null
                ? authentication.applySimpleAuth()
                : authentication
                        .password(password.getBytes(StandardCharsets.UTF_8))
                        .applySimpleAuth();
    }

    /** What went wrong, in words for the user. */
    String explain(Throwable failure) {
        return switch (failure) {
            case ConnectionFailedException e ->
                "cannot connect to " + host + ":" + port + ": "
                        + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage())
                        + "; is the platform up? (./meridian status)";
            case Mqtt5MessageException e -> host + ":" + port + ": " + e.getMessage();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
