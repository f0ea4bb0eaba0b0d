package io.meridianmq.cli;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5MessageException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import io.meridianmq.fabric.tls.ClientTls;
import io.meridianmq.fabric.tls.CredentialsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
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

    @Option(names = "--tls", description = "Encrypt, and trust whom Java trusts. The other options of TLS include it.")
    private boolean tls;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Encrypt, and trust the authorities in this PEM file alone.")
    private @Nullable Path authority;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "Encrypt, and show the certificate in this PEM file if asked; needs --key.")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The certificate's private key, in a PEM file, not encrypted.")
    private @Nullable Path key;

    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and shows the help.
    private boolean help;

    boolean hasClientIdentifier() {
        return !clientIdentifier.isEmpty();
    }

    /** @throws IllegalArgumentException if a file cannot be used; the message says which and why */
    Mqtt5ClientBuilder client() {
        var builder = Mqtt5Client.builder().serverHost(host).serverPort(port);
        if (tls || authority != null || certificate != null || key != null) {
            builder = builder.sslConfig(encryption());
        }
        return clientIdentifier.isEmpty() ? builder : builder.identifier(clientIdentifier);
    }

    private MqttClientSslConfig encryption() {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--cert and --key belong together: give both or none");
        }
        try {
            var loaded = ClientTls.load(
                    Optional.ofNullable(authority),
                    Optional.ofNullable(certificate),
                    Optional.ofNullable(key),
                    Instant.now());
            return MqttClientSslConfig.builder()
                    .trustManagerFactory(loaded.trust().orElse(null))
                    .keyManagerFactory(loaded.key().orElse(null))
                    .build();
        } catch (CredentialsException e) {
            throw new IllegalArgumentException(optionOf(e.part()) + " " + e.problem(), e);
        }
    }

    private static String optionOf(CredentialsException.Part part) {
        return switch (part) {
            case AUTHORITY -> "--ca";
            case CERTIFICATE -> "--cert";
            case KEY -> "--key";
        };
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
