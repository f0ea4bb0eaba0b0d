package io.meridianmq.broker.access;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.ScramVerifier;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Decides who is let in, and knows what the files say. Any thread. */
public final class Access {

    private static final int SECRET_BYTES = 32;
    private static final int NONCE_BYTES = 18;

    private final SecureRandom random = new SecureRandom();
    private final Executor verifications;
    private final Map<Denial, Counter> denials = new EnumMap<>(Denial.class);

    /** Makes the salts of users that there are not. */
    private final byte[] secret = new byte[SECRET_BYTES];

    private final AccessConfig.Mqtt3DeniedPublish mqtt3DeniedPublish;

    private volatile Policy policy;

    /** @param verifications runs what is slow; rejects what would be too much */
    public Access(
            Policy policy,
            AccessConfig.Mqtt3DeniedPublish mqtt3DeniedPublish,
            Executor verifications,
            MeterRegistry meters) {
        this.policy = policy;
        this.mqtt3DeniedPublish = mqtt3DeniedPublish;
        this.verifications = verifications;
        random.nextBytes(secret);
        for (var denial : Denial.values()) {
            denials.put(
                    denial,
                    Counter.builder("mqtt_access_denied")
                            .description("Clients that were not let in, and what clients were not allowed, by reason")
                            .tag("reason", denial.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    /** What the files say now. */
    public Policy policy() {
        return policy;
    }

    /** The files say something else from now on; connections find out by themselves. */
    public void follow(Policy changed) {
        policy = changed;
    }

    /**
     * Decides on a CONNECT. A name counts only if there are passwords to prove it with: without a password file a client is
     * nobody in particular, whatever it says.
     *
     * @param allowsAnonymous whether there is an entrance for clients without a user name
     */
    public Verdict decide(boolean allowsAnonymous, Optional<String> userName, Optional<BinaryData> password) {
        var passwords = policy.passwords();
        if (passwords.isEmpty() || userName.isEmpty()) {
            return allowsAnonymous ? new Verdict.Admitted(Optional.empty()) : new Verdict.Refused(Denial.ANONYMOUS);
        }
        return password.flatMap(Access::text)
                .<Verdict>map(
                        text -> new Verdict.Unproven(userName.get(), verifier(passwords.get(), userName.get()), text))
                .orElse(new Verdict.Refused(Denial.PASSWORD));
    }

    /**
     * Begins enhanced authentication; empty if the method is not offered.
     *
     * @param method of CONNECT
     */
    public Optional<ScramExchange> exchange(String method) {
        if (!method.equals(ScramVerifier.MECHANISM)) {
            return Optional.empty();
        }
        return policy.passwords().map(passwords -> new ScramExchange(name -> verifier(passwords, name), nonce()));
    }

    /**
     * Finds out whether a password is the user's.
     *
     * @param isWanted asked just before the work begins: whether anybody still waits for the answer; any thread
     * @param home where the answer is given
     * @return false if too many wait; then there is no answer
     */
    public boolean verify(Verdict.Unproven claimed, BooleanSupplier isWanted, Executor home, Consumer<Boolean> answer) {
        try {
            verifications.execute(() -> {
                if (isWanted.getAsBoolean()) {
                    var isRight = claimed.verifier().matches(claimed.password());
                    home.execute(() -> answer.accept(isRight));
                }
            });
            return true;
        } catch (RejectedExecutionException _) {
            return false;
        }
    }

    /** What a client of MQTT 3 gets for a QoS 1 or 2 publish that it may not make. */
    public AccessConfig.Mqtt3DeniedPublish mqtt3DeniedPublish() {
        return mqtt3DeniedPublish;
    }

    /** Counts a denial. */
    public void denied(Denial denial) {
        var counter = denials.get(denial);
        if (counter != null) {
            counter.increment();
        }
    }

    private String nonce() {
        var bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A user that there is not looks like others to those who only try: an answer takes as long, and is no. */
    private ScramVerifier verifier(Passwords passwords, String name) {
        return passwords.of(name).orElseGet(() -> ScramVerifier.ofNobody(passwords.iterations(), seed(name)));
    }

    private byte[] seed(String name) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(secret.length + bytes.length)
                .put(secret)
                .put(bytes)
                .array();
    }

    /** The text of a password; empty if it is no text, and therefore nobody's. */
    private static Optional<String> text(BinaryData password) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(password.toByteArray()))
                    .toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
