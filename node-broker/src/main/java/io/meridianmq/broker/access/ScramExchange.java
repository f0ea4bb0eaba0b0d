package io.meridianmq.broker.access;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.ScramVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one exchange of SCRAM-SHA-256 (RFC 5802, RFC 7677): the client proves that it knows a password, and
 * learns that the server knows it, too.
 *
 * <pre>
 *   client: n,,n=user,r=abc                 first: who I am, and a random text
 *   server: r=abcXYZ,s=...,i=4096           how the password is kept, and a random text of its own
 *   client: c=biws,r=abcXYZ,p=...           last: proof over everything said so far
 *   server: v=...                           proof of the server
 * </pre>
 *
 * <p>Takes microseconds: the iterations are the client's. Channel binding is not offered. Belongs to one thread.
 */
public final class ScramExchange {

    /** Bytes of the longest message that a client may send. */
    private static final int MESSAGE_MAX = 8 << 10;

    private static final String PRINTABLE = "[\\x21-\\x2B\\x2D-\\x7E]+";

    /** RFC 5802, section 7: client-first-message, without the extension m, which nobody could understand. */
    private static final Pattern FIRST = Pattern.compile(
            "(?<header>(?<binding>[ny]|p=[^,]*),(a=(?<identity>[^,]+))?,)(?<bare>n=(?<name>[^,]+),r=(?<nonce>"
                    + PRINTABLE + ")(,[A-Za-z]=[^,]*)*)");

    /** RFC 5802, section 7: client-final-message. */
    private static final Pattern LAST = Pattern.compile("(?<proofless>c=(?<header>[A-Za-z0-9+/=]+),r=(?<nonce>"
            + PRINTABLE + ")(,[A-Za-z]=[^,]*)*),p=(?<proof>[A-Za-z0-9+/=]+)");

    private final Function<String, ScramVerifier> verifiers;
    private final String serverNonce;
    private @Nullable Begun begun;
    private boolean isOver;

    /** What the first messages were. */
    private record Begun(String name, ScramVerifier verifier, String header, String nonce, String messages) {}

    /** What comes of a client's message. */
    public sealed interface Step {

        /** The exchange goes on with this message to the client. */
        record Challenge(BinaryData message) implements Step {}

        /** The client is this user; the message is the server's proof. */
        record Proven(User user, BinaryData message) implements Step {}

        /** The exchange is over: the client has proved nothing. */
        record Failed(String why) implements Step {}
    }

    /**
     * Waits for the client's first message.
     *
     * @param verifiers finds what is kept of a user's password; of no user, what nobody can prove to know
     * @param serverNonce random, printable, without a comma; new for each exchange
     */
    ScramExchange(Function<String, ScramVerifier> verifiers, String serverNonce) {
        this.verifiers = verifiers;
        this.serverNonce = serverNonce;
    }

    /** Takes the client's next message. */
    public Step onMessage(BinaryData message) {
        var step = isOver || message.length() > MESSAGE_MAX
                ? new Step.Failed("there is too much of it")
                : begun == null ? first(text(message)) : last(begun, text(message));
        isOver = !(step instanceof Step.Challenge);
        return step;
    }

    private Step first(String message) {
        var parts = FIRST.matcher(message);
        if (!parts.matches()) {
            return new Step.Failed("the first message is not one of SCRAM");
        }
        if (parts.group("binding").startsWith("p")) {
            return new Step.Failed("it wants channel binding, which is not offered");
        }
        String name;
        try {
            name = Passwords.normal(decoded(parts.group("name")));
        } catch (IllegalArgumentException e) {
            return new Step.Failed("the user name is not valid: " + e.getMessage());
        }
        var identity = parts.group("identity");
        if (identity != null && !identity.equals(parts.group("name"))) {
            return new Step.Failed("it wants to act for another user");
        }
        var verifier = verifiers.apply(name);
        var nonce = parts.group("nonce") + serverNonce;
        var answer = "r=" + nonce + ",s="
                + Base64.getEncoder().encodeToString(verifier.salt()) + ",i="
                + verifier.iterations();
        begun = new Begun(name, verifier, parts.group("header"), nonce, parts.group("bare") + "," + answer);
        return new Step.Challenge(BinaryData.of(bytes(answer)));
    }

    private static Step last(Begun begun, String message) {
        var parts = LAST.matcher(message);
        if (!parts.matches()) {
            return new Step.Failed("the last message is not one of SCRAM");
        }
        var header = Base64.getEncoder().encodeToString(bytes(begun.header()));
        if (!parts.group("header").equals(header) || !parts.group("nonce").equals(begun.nonce())) {
            return new Step.Failed("the last message does not belong to the first one");
        }
        var authMessage = begun.messages() + "," + parts.group("proofless");
        var verifier = begun.verifier();
        if (!verifier.provesClient(decodedBase64(parts.group("proof")), authMessage)) {
            return new Step.Failed("there is no such user, or it does not know the password");
        }
        var signature = Base64.getEncoder().encodeToString(verifier.serverSignature(authMessage));
        return new Step.Proven(User.of(begun.name(), verifier), BinaryData.of(bytes("v=" + signature)));
    }

    /** RFC 5802, section 5.1: a comma is {@code =2C} in a name, an equals sign {@code =3D}, and no other may follow. */
    private static String decoded(String name) {
        if (Pattern.matches(".*=(?!2C|3D).*", name)) {
            throw new IllegalArgumentException("an equals sign in it is not =3D");
        }
        return name.replace("=2C", ",").replace("=3D", "=");
    }

    /** Empty, and so no proof, if it is not Base64. */
    private static byte[] decodedBase64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }

    /** Empty, and so no message, if it is not UTF-8. */
    private static String text(BinaryData message) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            return "";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
