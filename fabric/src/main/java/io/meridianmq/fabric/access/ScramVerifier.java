package io.meridianmq.fabric.access;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * What is kept of a password: enough to check it, whether it is sent itself or proved by SCRAM-SHA-256 (RFC 5802, RFC
 * 7677), and not enough to log in with. Its base is PBKDF2 with HMAC-SHA-256.
 *
 * <p>Its text has the form {@code SCRAM-SHA-256$iterations:salt$storedKey:serverKey}, with the last three in Base64.
 * Immutable; {@link #of} and {@link #matches} take as long as the iterations do, 0.1 to 0.5 s by default.
 */
public final class ScramVerifier {

    /** The name of the mechanism, also as an authentication method of MQTT 5. */
    public static final String MECHANISM = "SCRAM-SHA-256";

    /** What OWASP recommends (2023) for passwords that people choose. */
    public static final int ITERATIONS_DEFAULT = 600_000;

    /** The least that RFC 7677 allows: enough for passwords that are long and random. */
    public static final int ITERATIONS_MIN = 4_096;

    /** More than that would only be a way to keep a node busy. */
    public static final int ITERATIONS_MAX = 10_000_000;

    private static final ScramMechanism SHA_256 = ScramMechanism.SCRAM_SHA_256;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final String FORM = MECHANISM + "$iterations:salt$storedKey:serverKey";
    private static final String BASE64 = "([A-Za-z0-9+/]+={0,2})";
    private static final Pattern TEXT =
            Pattern.compile("SCRAM-SHA-256\\$([0-9]{1,8}):" + BASE64 + "\\$" + BASE64 + ":" + BASE64);

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /**
     * Makes one with a salt of its own.
     *
     * @param iterations {@value #ITERATIONS_MIN} to {@value #ITERATIONS_MAX}
     * @throws IllegalArgumentException if the password is empty, or has characters that SASLprep (RFC 4013) forbids
     */
    public static ScramVerifier of(String password, int iterations, SecureRandom random) {
        requireIterations(iterations);
        return of(password, iterations, ScramFunctions.salt(SALT_BYTES, random));
    }

    static ScramVerifier of(String password, int iterations, byte[] salt) {
        var salted = salted(password, iterations, salt);
        var storedKey = ScramFunctions.storedKey(SHA_256, ScramFunctions.clientKey(SHA_256, salted));
        return new ScramVerifier(iterations, salt.clone(), storedKey, ScramFunctions.serverKey(SHA_256, salted));
    }

    /**
     * One that no password matches, for a user that there is not, so that an answer takes as long as for one that there
     * is.
     *
     * @param seed decides the salt: the same user gets the same one each time
     */
    public static ScramVerifier ofNobody(int iterations, byte[] seed) {
        var hash = ScramFunctions.hash(SHA_256, seed);
        // The keys are hashes as well, of which nobody knows a password.
        return new ScramVerifier(iterations, Arrays.copyOf(hash, SALT_BYTES), hash, hash);
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException if it is no such text; the message says what was expected
     */
    public static ScramVerifier parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected " + FORM);
        }
        var iterations = Integer.parseInt(parts.group(1));
        requireIterations(iterations);
        try {
            return new ScramVerifier(
                    iterations, decode(parts.group(2)), key("stored", parts.group(3)), key("server", parts.group(4)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected " + FORM + ": " + e.getMessage(), e);
        }
    }

    /** Whether this is the password; slow on purpose. */
    public boolean matches(String password) {
        try {
            var clientKey = ScramFunctions.clientKey(SHA_256, salted(password, iterations, salt));
            return MessageDigest.isEqual(ScramFunctions.storedKey(SHA_256, clientKey), storedKey);
        } catch (IllegalArgumentException _) {
            return false; // No password has ever been made of it.
        }
    }

    /** Whether the proof is of somebody who knows the password (RFC 5802, section 3). */
    public boolean provesClient(byte[] proof, String authMessage) {
        if (proof.length != KEY_BYTES) {
            return false;
        }
        var clientKey = ScramFunctions.clientSignature(SHA_256, storedKey, authMessage);
        for (var i = 0; i < KEY_BYTES; i++) {
            clientKey[i] ^= proof[i];
        }
        return MessageDigest.isEqual(ScramFunctions.storedKey(SHA_256, clientKey), storedKey);
    }

    /** By which the client knows that the server knows its password, too (RFC 5802, section 3). */
    public byte[] serverSignature(String authMessage) {
        return ScramFunctions.serverSignature(SHA_256, serverKey, authMessage);
    }

    public int iterations() {
        return iterations;
    }

    public byte[] salt() {
        return salt.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScramVerifier that
                && iterations == that.iterations
                && Arrays.equals(salt, that.salt)
                && MessageDigest.isEqual(storedKey, that.storedKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    /** For the file; not for logs. */
    public String text() {
        var base64 = Base64.getEncoder();
        return MECHANISM + "$" + iterations + ":" + base64.encodeToString(salt) + "$" + base64.encodeToString(storedKey)
                + ":" + base64.encodeToString(serverKey);
    }

    /** Leaves the keys out. */
    @Override
    public String toString() {
        return MECHANISM + " with " + iterations + " iterations";
    }

    private static byte[] salted(String password, int iterations, byte[] salt) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("the password is empty");
        }
        return ScramFunctions.saltedPassword(
                SHA_256, StringPreparation.SASL_PREPARATION, password.toCharArray(), salt, iterations);
    }

    private static void requireIterations(int iterations) {
        if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
            throw new IllegalArgumentException(
                    "iterations are " + iterations + ", allowed is " + ITERATIONS_MIN + " to " + ITERATIONS_MAX);
        }
    }

    private static byte[] key(String name, String base64) {
        var key = decode(base64);
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the " + name + " key has " + key.length + " bytes instead of " + KEY_BYTES);
        }
        return key;
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
