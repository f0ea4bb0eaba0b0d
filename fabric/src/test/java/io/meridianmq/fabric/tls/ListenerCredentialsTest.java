package io.meridianmq.fabric.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.fabric.tls.CredentialsException.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerCredentialsTest {

    private static final Instant NOW = Instant.parse("2030-05-01T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        var authority = Authority.create(NOW, WEEK);
        authority.save(file("authority.pem"), file("authority.key"));
        for (var name : new String[] {"one", "two"}) {
            Authority.save(
                    authority.issue(new Identity.Operator(name), NOW, WEEK), file(name + ".pem"), file(name + ".key"));
        }
    }

    @Test
    void theyNeedNoAuthorityAndNoIdentityOfThePlatform() throws CredentialsException {
        // The authority's own certificate says nothing of a place.
        var credentials = load("authority.pem", "authority.key", Optional.empty(), NOW);
        assertThat(credentials.clientAuthorities()).isEmpty();
        assertThat(credentials.expiry()).isEqualTo(NOW.plus(WEEK));
        assertThat(credentials.toString()).contains("CN=Meridian authority").doesNotContain("Key");
    }

    @Test
    void whatIsWrongIsSaidOfTheFileThatIsToBlame() throws IOException {
        assertRefused(Part.CERTIFICATE, "no such file", "nowhere.pem", "one.key", Optional.empty(), NOW);
        assertRefused(Part.KEY, "not the key of", "one.pem", "two.key", Optional.empty(), NOW);
        assertRefused(Part.CERTIFICATE, "expired", "one.pem", "one.key", Optional.empty(), NOW.plus(WEEK.plusDays(1)));
        Files.writeString(file("text"), "hello");
        assertRefused(Part.AUTHORITY, "PEM", "one.pem", "one.key", Optional.of("text"), NOW);
    }

    private void assertRefused(
            Part part, String problem, String certificate, String key, Optional<String> authority, Instant now) {
        assertThatThrownBy(() -> load(certificate, key, authority, now))
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        refused -> assertThat(refused.part()).isEqualTo(part))
                .hasMessageContaining(problem);
    }

    private ListenerCredentials load(String certificate, String key, Optional<String> authority, Instant now)
            throws CredentialsException {
        return ListenerCredentials.load(
                new ListenerCredentials.Files(file(certificate), file(key), authority.map(this::file)), now);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }
}
