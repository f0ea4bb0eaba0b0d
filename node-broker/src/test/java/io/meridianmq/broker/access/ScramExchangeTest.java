package io.meridianmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import io.meridianmq.broker.access.ScramExchange.Step;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.fabric.access.ScramVerifier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScramExchangeTest {

    private static final String FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String LAST = "c=biws,r=" + NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    /** What is kept of the password "pencil", with the salt of the example. */
    private static final ScramVerifier PENCIL = ScramVerifier.parse("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
            + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");

    private final ScramExchange exchange = new ScramExchange(_ -> PENCIL, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

    @Test // RFC 7677, section 3
    void goesAsInTheExampleOfTheSpecification() {
        assertThat(onMessage(FIRST)).isEqualTo("r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(exchange.onMessage(data(LAST))).isInstanceOfSatisfying(Step.Proven.class, proven -> {
            assertThat(proven.user()).isEqualTo(User.of("user", PENCIL));
            assertThat(text(proven.message())).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        });
        assertThat(onMessage(LAST)).as("behind the end").startsWith("failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user",
                "n,,n=user",
                "n,,n=,r=abc",
                "n,,n=user,r=",
                "n,,n=user,r=a b",
                "n,,m=x,n=user,r=abc",
                "p=tls-exporter,,n=user,r=abc",
                "n,a=other,n=user,r=abc",
                "x,,n=user,r=abc",
                "n,,n=us=er,r=abc",
                "n,,n=us=2cer,r=abc",
                "n,,n=us\u0007er,r=abc",
            })
    void refusesAFirstMessageThatIsNone(String message) {
        assertThat(onMessage(message)).startsWith("failed");
        assertThat(onMessage(FIRST)).as("it is over").startsWith("failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c=biws,r=other,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", // Another nonce
                "c=eSws,r=NONCE,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", // Another header: y,,
                "c=biws,r=NONCE,p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", // A wrong proof
                "c=biws,r=NONCE,p=dHzb", // A short one
                "c=biws,r=NONCE,p===", // None
                "c=biws,r=NONCE",
                "n,,n=user,r=abc",
            })
    void refusesALastMessageThatProvesNothing(String message) {
        onMessage(FIRST);
        assertThat(onMessage(message.replace("NONCE", NONCE))).startsWith("failed");
        assertThat(onMessage(LAST)).as("it is over").startsWith("failed");
    }

    @Test
    void refusesWhatIsNoTextOrTooLong() {
        assertThat(exchange.onMessage(BinaryData.of((byte) 0xC3, (byte) 0x28))).isInstanceOf(Step.Failed.class);
        var other = new ScramExchange(_ -> PENCIL, "x");
        assertThat(other.onMessage(data(FIRST + ",x=" + "y".repeat(10_000)))).isInstanceOf(Step.Failed.class);
    }

    @ParameterizedTest
    @CsvSource({"alice, secret", "a=b, 'x,y'", "'a,b', pencil", "Ⅸ, Ⅸ", "ü, ß"})
    void agreesWithAClientOfAnotherMake(String name, String password) throws Exception {
        var verifier = ScramVerifier.of(password, 4_096, new SecureRandom());
        var server = new ScramExchange(_ -> verifier, "s");
        var client = ScramClient.builder()
                .advertisedMechanisms(List.of(ScramVerifier.MECHANISM))
                .username(name)
                .password(password.toCharArray())
                .stringPreparation(StringPreparation.SASL_PREPARATION)
                .build();
        var challenge = server.onMessage(data(client.clientFirstMessage().toString()));
        client.serverFirstMessage(text(((Step.Challenge) challenge).message()));
        var proven = server.onMessage(data(client.clientFinalMessage().toString()));
        assertThat(proven).isInstanceOf(Step.Proven.class);
        client.serverFinalMessage(text(((Step.Proven) proven).message())); // Throws if it is not the server's.
        assertThat(((Step.Proven) proven).user().name()).isEqualTo(name.equals("Ⅸ") ? "IX" : name);
    }

    /** The answer in words. */
    private String onMessage(String message) {
        return switch (exchange.onMessage(data(message))) {
            case Step.Challenge challenge -> text(challenge.message());
            case Step.Proven proven -> "proven " + text(proven.message());
            case Step.Failed failed -> "failed: " + failed.why();
        };
    }

    private static BinaryData data(String text) {
        return BinaryData.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(BinaryData data) {
        return new String(data.toByteArray(), StandardCharsets.UTF_8);
    }
}
