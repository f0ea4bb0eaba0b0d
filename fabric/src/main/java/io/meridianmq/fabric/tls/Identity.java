package io.meridianmq.fabric.tls;

import io.meridianmq.core.place.Place;
import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whom a certificate is for, written in it as a subject alternative name of the type URI: {@code
 * meridian://place/us-east/a/1} or {@code meridian://operator/alice}.
 */
public sealed interface Identity {

    /** A component of the platform. */
    record Component(Place place) implements Identity {

        private static final String PREFIX = SCHEME + "place/";

        @Override
        public URI uri() {
            return URI.create(PREFIX + place);
        }

        @Override
        public String toString() {
            return place.toString();
        }
    }

    /**
     * Somebody who administers the platform.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens and underscores
     */
    record Operator(String name) implements Identity {

        private static final String PREFIX = SCHEME + "operator/";
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

        public Operator {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("\"" + name
                        + "\" is not an operator's name: 1 to 64 letters, digits, dots, hyphens and underscores are"
                        + " allowed");
            }
        }

        @Override
        public URI uri() {
            return URI.create(PREFIX + name);
        }

        @Override
        public String toString() {
            return "operator " + name;
        }
    }

    /** What every identity begins with. */
    String SCHEME = "meridian://";

    /** As certificates carry it. */
    URI uri();

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if the text is none; the message says why
     */
    static Identity parse(String uri) {
        if (uri.startsWith(Component.PREFIX)) {
            return new Component(Place.parse(uri.substring(Component.PREFIX.length())));
        }
        if (uri.startsWith(Operator.PREFIX)) {
            return new Operator(uri.substring(Operator.PREFIX.length()));
        }
        throw new IllegalArgumentException(
                "\"" + uri + "\" begins neither with " + Component.PREFIX + " nor with " + Operator.PREFIX);
    }

    /** Whom a certificate is for; empty unless it names exactly one that is readable. */
    static Optional<Identity> of(X509Certificate certificate) {
        try {
            var names = uris(certificate).filter(uri -> uri.startsWith(SCHEME)).toList();
            return names.size() == 1 ? Optional.of(parse(names.getFirst())) : Optional.empty();
        } catch (CertificateParsingException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Stream<String> uris(X509Certificate certificate) throws CertificateParsingException {
        var names = certificate.getSubjectAlternativeNames();
        // Each name is its type and its value; 6 is uniformResourceIdentifier (RFC 5280, section 4.2.1.6).
        return names == null
                ? Stream.empty()
                : names.stream()
                        .filter(name -> name.getFirst().equals(6))
                        .map(name -> name.getLast().toString());
    }
}
