package io.meridianmq.fabric.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScramVerifierTest {

    private static final Base64.Decoder BASE64 = Base64.getDecoder();
    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";

    /** Everything before the proof in the exchange of RFC 7677, section 3. */
    private static final String AUTH_MESSAGE = "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=" + SALT + ",i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    private final ScramVerifier verifier = ScramVerifier.of("pencil", 4_096, BASE64.decode(SALT));

    @Test // RFC 7677, section 3
    void agreesWithTheExampleOfTheSpecification() {
        var proof = BASE64.decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(verifier.provesClient(proof, AUTH_MESSAGE)).isTrue();
        assertThat(verifier.serverSignature(AUTH_MESSAGE))
                .isEqualTo(BASE64.decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        proof[0] ^= 1;
        assertThat(verifier.provesClient(proof, AUTH_MESSAGE)).isFalse();
        assertThat(verifier.provesClient(new byte[0], AUTH_MESSAGE)).isFalse();
    }

    @Test
    void checksAPasswordThatIsSentItself() {
        assertThat(verifier.matches("pencil")).isTrue();
        assertThat(verifier.matches("Pencil")).isFalse();
        assertThat(verifier.matches("pencil ")).isFalse();
        assertThat(verifier.matches("")).isFalse();
    }

    @Test // RFC 4013, section 3
    void takesPasswordsThatLookTheSameForTheSame() {
        var random = new SecureRandom();
        assertThat(ScramVerifier.of("I\u00ADX", 4_096, random).matches("IX")).isTrue();
        assertThat(ScramVerifier.of("\u2168", 4_096, random).matches("IX")).isTrue();
        assertThat(ScramVerifier.of("\u00AA", 4_096, random).matches("a")).isTrue();
        assertThatThrownBy(() -> ScramVerifier.of("\u0007", 4_096, random))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(verifier.matches("\u0007")).isFalse();
    }

    @Test
    void isTheSameAfterItWasWrittenAndRead() {
        var read = ScramVerifier.parse(verifier.text());
        assertThat(read).isEqualTo(verifier);
        assertThat(read.matches("pencil")).isTrue();
        assertThat(ScramVerifier.of("pencil", 4_096, new SecureRandom())).isNotEqualTo(verifier);
    }

    @Test
    void doesNotShowItsKeysByAccident() {
        assertThat(verifier).hasToString("SCRAM-SHA-256 with 4096 iterations");
    }

    @Test
    void nobodyHasAPasswordAndAlwaysTheSameSalt() {
        var nobody = ScramVerifier.ofNobody(4_096, new byte[] {1});
        assertThat(nobody.matches("pencil")).isFalse();
        assertThat(nobody.salt())
                .hasSize(16)
                .isEqualTo(ScramVerifier.ofNobody(4_096, new byte[] {1}).salt());
        assertThat(nobody.salt())
                .isNotEqualTo(ScramVerifier.ofNobody(4_096, new byte[] {2}).salt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pencil",
                "SCRAM-SHA-1$4096:W22ZaJ0SNY7soEsUEjb6gQ==$AAAA:AAAA",
                "SCRAM-SHA-256$4095:W22ZaJ0SNY7soEsUEjb6gQ==$AAAA:AAAA",
                "SCRAM-SHA-256$99999999:W22ZaJ0SNY7soEsUEjb6gQ==$AAAA:AAAA",
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$AAAA:AAAA",
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$!:AAAA",
            })
    void refusesATextThatIsNone(String text) {
        assertThatThrownBy(() -> ScramVerifier.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
