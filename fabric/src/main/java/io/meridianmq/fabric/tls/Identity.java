package io.meridianmq.fabric.tls;

import io.meridianmq.core.place.Place;
import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a certificate is for, written in it as a subject alternative name of the type URI: {@code
 * meridian://place/us-east/a/1} or {@code meridian://operator/alice}.
 */
public sealed interface Identity {

    /** A component of the platform. */
    record Component(Place place) implements Identity {
        @Override
        public URI uri() {
            return URI.create(SCHEME + PLACE + place);
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
            return URI.create(SCHEME + OPERATOR + name);
        }

        @Override
        public String toString() {
            return "operator " + name;
        }
    }

    String SCHEME = "meridian://";
    String PLACE = "place/";
    String OPERATOR = "operator/";

    /** As certificates carry it. */
    URI uri();

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if the text is none; the message says why
     */
    static Identity parse(String uri) {
        if (uri.startsWith(SCHEME + PLACE)) {
            return new Component(Place.parse(uri.substring(SCHEME.length() + PLACE.length())));
        }
        if (uri.startsWith(SCHEME + OPERATOR)) {
            return new Operator(uri.substring(SCHEME.length() + OPERATOR.length()));
        }
        throw new IllegalArgumentException(
                "\"" + uri + "\" is neither " + SCHEME + PLACE + "… nor " + SCHEME + OPERATOR + "…");
    }

    /** Whom a certificate is for; empty unless it names exactly one that is readable. */
    static Optional<Identity> of(X509Certificate certificate) {
        try {
            var names = alternativeNames(certificate).stream()
                    .filter(name -> name.getFirst().equals(URI_NAME))
                    .map(name -> name.getLast().toString())
                    .filter(uri -> uri.startsWith(SCHEME))
                    .toList();
            return names.size() == 1 ? Optional.of(parse(names.getFirst())) : Optional.empty();
        } catch (CertificateParsingException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The type of a URI among alternative names (RFC 5280, section 4.2.1.6: uniformResourceIdentifier). */
    Integer URI_NAME = 6;

    private static Collection<List<?>> alternativeNames(X509Certificate certificate)
            throws CertificateParsingException {
        var names = certificate.getSubjectAlternativeNames();
        return names == null ? List.of() : names;
    }
}
