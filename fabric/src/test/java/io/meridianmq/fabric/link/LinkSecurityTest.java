package io.meridianmq.fabric.link;

import static io.meridianmq.fabric.link.TestComponent.awaitThat;
import static io.meridianmq.fabric.link.TestComponent.connect;
import static io.meridianmq.fabric.link.TestFrames.laneData;
import static io.meridianmq.fabric.link.TestFrames.many;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.meridianmq.core.link.Hello;
import io.meridianmq.core.link.HelloVerdict.Cause;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.Authority;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.Refusal;
import io.meridianmq.fabric.tls.TestCredentials;
import io.meridianmq.fabric.tls.TransportSecurity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Who gets no link: whoever is not the place that his certificate is for. A link beside goes on as if nothing was. */
@Timeout(120)
class LinkSecurityTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Place GREATER = Place.parse("us/a/3");

    /** Attempts after which something that is logged for each would have been logged more than once. */
    private static final int ATTEMPTS = 4;

    private final Authority authority = Authority.create(Instant.now(), DAY);
    private final Authority strangers = Authority.create(Instant.now(), DAY);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.meridianmq.fabric");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final TestComponent called = secure("us/a/2");
    private final TestComponent neighbour = secure("us/a/1");

    @BeforeEach
    void connectTwo() {
        connect(neighbour, called);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void nothingElseIsDisturbed() throws Exception {
        logger.detachAppender(logged);
        assertThat(called.offer(neighbour, laneData(99, 10))).isTrue();
        awaitThat(() -> neighbour.frames.contains(laneData(99, 10)));
        assertThat(neighbour.events).containsExactly("up us/a/2 boot 1");
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void framesArriveInOrderInBothDirections() {
        var there = many(2_000, n -> laneData(n, n % 700));
        var back = many(2_000, n -> laneData(10_000 + n, n % 500));
        assertThat(neighbour.offerAll(called, there)).isEqualTo(there.size());
        assertThat(called.offerAll(neighbour, back)).isEqualTo(back.size());
        awaitThat(() -> called.frames.size() == there.size() && neighbour.frames.size() == back.size());
        assertThat(called.frames).isEqualTo(there);
        assertThat(neighbour.frames).isEqualTo(back);
        assertThat(called.links().refusals()).isEmpty();
        assertThat(refused(called)).isEqualTo(0);
    }

    @Test
    void aCallerWithTheCertificateOfAnotherPlaceIsRefused() {
        called.sees(2, neighbour.member(), called.member(), new Member(GREATER, 1, "127.0.0.1:1", "", ""));
        var liar = dialler("us/a/3", secured(authority, place("us/a/4")), called);
        awaitThat(() -> called.links().refusals().getOrDefault(Cause.CERTIFICATE, 0L) >= ATTEMPTS);
        assertThat(liar.events).isEmpty();
        assertLoggedOnce("says that it is us/a/3, but its certificate is for us/a/4", 2);
    }

    @Test
    void anOperatorsCertificateOpensNoLink() {
        called.sees(2, neighbour.member(), called.member(), new Member(GREATER, 1, "127.0.0.1:1", "", ""));
        var caller = open(new RawCaller(called, secured(authority, new Identity.Operator("alice"))));
        caller.send(RawCaller.hello(Hello.VERSION, "us/a/3", 1));
        awaitThat(() -> caller.end().isPresent());
        assertThat(caller.end())
                .hasValueSatisfying(status -> assertThat(status.getDescription())
                        .contains("says that it is us/a/3, but its certificate is for operator alice"));
        assertThat(called.links().refusals()).containsEntry(Cause.CERTIFICATE, 1L);
    }

    @Test
    void theDiallerRefusesWhoeverIsNotThePlaceThatItMeant() {
        var impostor = open(component("us/a/0", secured(authority, place("us/a/9"))));
        var dialler = secure("us/a/3");
        impostor.sees(1, impostor.member(), dialler.member());
        dialler.sees(1, impostor.member(), dialler.member());
        awaitThat(() -> dialler.links().refusals().getOrDefault(Cause.CERTIFICATE, 0L) >= ATTEMPTS);
        assertThat(dialler.events).isEmpty();
        assertLoggedOnce("says that it is us/a/0, but its certificate is for us/a/9", 1);
    }

    @Test
    void theDiallerRefusesAnotherPlaceWithACertificateOfItsOwn() {
        var other = secure("us/a/0");
        var dialler = secure("us/a/3");
        other.sees(1, other.member(), dialler.member());
        var elsewhere = new Member(Place.parse("us/a/1"), 1, other.member().linkAddress(), "", "");
        dialler.sees(1, elsewhere, dialler.member());
        awaitThat(() -> dialler.links().refusals().getOrDefault(Cause.OTHER_PLACE, 0L) >= ATTEMPTS);
        assertLoggedOnce("dialled us/a/1, but us/a/0 answered", 1);
    }

    @Test
    void aCallerOfAnotherAuthorityIsRefused() {
        var stranger = dialler("us/a/3", strangerWhoTrustsUs(place("us/a/3")), called);
        awaitRefused(called, Refusal.UNTRUSTED);
        assertThat(stranger.events).isEmpty();
        assertLoggedOnce("the certificate of us/a/3 is not from the authority that is configured here", 1);
        assertLoggedOnce("it refuses this end's certificate", 1);
        assertThat(called.links().security().refusals().counts()).containsOnlyKeys(Refusal.UNTRUSTED);
        assertThat(stranger.links().security().refusals().counts()).containsOnlyKeys(Refusal.REJECTED);
    }

    @Test
    void theDiallerRefusesAnotherAuthority() {
        var stranger = secured(strangers, place("us/a/3"));
        var dialler = dialler("us/a/3", stranger, called);
        awaitRefused(dialler, Refusal.UNTRUSTED);
        assertThat(dialler.events).isEmpty();
        assertLoggedOnce(
                "its certificate is refused: the certificate of us/a/2 is not from the authority that is configured here",
                1);
        assertThat(dialler.links().security().refusals().counts()).containsOnlyKeys(Refusal.UNTRUSTED);
    }

    @Test
    void anExpiredCertificateIsRefused() {
        var issued = Instant.now().minus(DAY);
        var valid = Duration.ofHours(1);
        var expired = TransportSecurity.of(Optional.of(authority.issue(place("us/a/3"), issued, valid)));
        var dialler = dialler("us/a/3", expired, called);
        awaitRefused(called, Refusal.EXPIRED);
        assertThat(dialler.events).isEmpty();
        var dayOfExpiry = issued.plus(valid).toString().substring(0, 10);
        assertLoggedOnce("the certificate of us/a/3 expired at " + dayOfExpiry, 1);
    }

    @Test
    void aCallerThatDoesNotEncryptIsRefused() {
        var plain = dialler("us/a/3", TransportSecurity.of(Optional.empty()), called);
        awaitRefused(called, Refusal.NO_HANDSHAKE);
        assertThat(plain.events).isEmpty();
        assertThat(called.links().security().refusals().counts()).containsOnlyKeys(Refusal.NO_HANDSHAKE);
        assertLoggedOnce("does not encrypt as this end does", 1);
    }

    @Test
    void anEndThatDoesNotEncryptIsNotDialled() {
        var plain = open(component("us/a/0", TransportSecurity.of(Optional.empty())));
        var dialler = secure("us/a/3");
        plain.sees(1, plain.member(), dialler.member());
        dialler.sees(1, plain.member(), dialler.member());
        awaitRefused(dialler, Refusal.PLAINTEXT);
        awaitRefused(plain, Refusal.NO_HANDSHAKE);
        assertThat(plain.events).isEmpty();
        assertThat(dialler.events).isEmpty();
        assertLoggedOnce("cannot open it: it does not encrypt", 1);
    }

    @Test
    void anotherVersionOfTheProtocolIsRefused() {
        called.sees(2, neighbour.member(), called.member(), new Member(GREATER, 1, "127.0.0.1:1", "", ""));
        for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
            var caller = open(new RawCaller(called, secured(authority, place("us/a/3"))));
            caller.send(RawCaller.hello(Hello.VERSION + 1, "us/a/3", 1));
            awaitThat(() -> caller.end().isPresent());
        }
        assertThat(called.links().refusals()).containsEntry(Cause.VERSION, (long) ATTEMPTS);
        assertLoggedOnce("us/a/3 speaks version " + (Hello.VERSION + 1), 1);
    }

    private void awaitRefused(TestComponent component, Refusal cause) {
        awaitThat(() -> component.links().security().refusals().counts().getOrDefault(cause, 0L) >= ATTEMPTS);
    }

    private static long refused(TestComponent component) {
        return component.links().security().refusals().counts().size();
    }

    /** @param ends how many ends of the link are in this process and say it, once each */
    private void assertLoggedOnce(String part, int ends) {
        assertThat(logged.list.stream().map(ILoggingEvent::getFormattedMessage).filter(line -> line.contains(part)))
                .hasSize(ends);
    }

    /** A component that dials another one, which need not list it. */
    private TestComponent dialler(String place, TransportSecurity security, TestComponent dialled) {
        var dialler = open(component(place, security));
        dialler.sees(1, dialler.member(), dialled.member());
        return dialler;
    }

    private TestComponent secure(String place) {
        return open(component(place, secured(authority, place(place))));
    }

    private static TestComponent component(String place, TransportSecurity security) {
        return new TestComponent(place, 1, LinksTest.PATIENT, OpaqueBytes.CODEC, security);
    }

    private static TransportSecurity secured(Authority signer, Identity identity) {
        return TransportSecurity.of(Optional.of(signer.issue(identity, Instant.now(), DAY)));
    }

    /** Else he would refuse this end before it could refuse him. */
    private TransportSecurity strangerWhoTrustsUs(Identity identity) {
        return TransportSecurity.of(Optional.of(TestCredentials.signedBy(strangers, authority, identity)));
    }

    private static Identity place(String place) {
        return new Identity.Component(Place.parse(place));
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }
}
