package io.meridianmq.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.tls.Authority;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.meridianmq.proto.admin.v1.ListRegionsRequest;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may administer the platform. */
class AdminSecurityTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Identity CONTROL = new Identity.Component(Place.GLOBAL);
    private static final Identity ALICE = new Identity.Operator("alice");

    private final Authority authority = Authority.create(Instant.now(), DAY);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SmallPlatform platform = new SmallPlatform();
    private final AdminServer server = AdminServer.start(
            new AdminConfig(new HostPort("127.0.0.1", 0), Optional.of(issue(CONTROL))),
            List.of(new AdminService(
                    platform.platform(), InstantSource.system(), Duration.ofSeconds(2), Duration.ofMillis(20))));

    @BeforeEach
    void count() {
        server.bindTo(registry);
    }

    @AfterEach
    void stop() {
        server.close();
        platform.close();
    }

    @Test
    void operatorsAreLetIn() {
        assertThat(regions(channel(TransportSecurity.toward(CONTROL, issue(ALICE)))))
                .isEqualTo(2);
    }

    @Test
    void componentsAreRefusedWithTheReason() {
        var node = new Identity.Component(Place.parse("us-east/a/1"));
        var status = refused(TransportSecurity.toward(CONTROL, issue(node)));
        assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(status.getDescription()).contains("for the component us-east/a/1", "meridian://operator/NAME");
        assertThat(count("no_operator")).isEqualTo(1);
    }

    @Test
    void operatorsOfAnotherAuthorityAreRefused() {
        var stranger = Authority.create(Instant.now(), DAY).issue(ALICE, Instant.now(), DAY);
        assertThat(refused(TransportSecurity.of(Optional.of(stranger))).getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        await().until(() -> count("no_handshake") == 1); // They do not trust this end either.
    }

    @Test
    void whoeverDoesNotEncryptIsRefused() {
        assertThat(refused(TransportSecurity.of(Optional.empty())).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        await().until(() -> count("no_handshake") == 1);
    }

    @Test
    void whoeverShowsNoCertificateIsRefused() {
        var credentials = TlsChannelCredentials.newBuilder()
                .trustManager(InsecureTrustManagerFactory.INSTANCE.getTrustManagers())
                .build();
        var channel = NettyChannelBuilder.forTarget("dns:///" + server.address(), credentials)
                .build();
        assertThat(refused(channel).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        await().until(() -> count("no_handshake") == 1);
    }

    @Test
    void operatorsDoNotTalkToAComponentInItsPlace() {
        var node = new Identity.Component(Place.parse("us-east/a/1"));
        var security = TransportSecurity.toward(node, issue(ALICE));
        var status = refused(security);
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(Optional.ofNullable(status.getCause()).flatMap(security.refusals()::onDialFailed))
                .hasValueSatisfying(words -> assertThat(words)
                        .contains("the certificate of global was shown where that of us-east/a/1 was expected"));
    }

    private Credentials issue(Identity identity) {
        return authority.issue(identity, Instant.now(), DAY);
    }

    private Status refused(TransportSecurity security) {
        return refused(channel(security));
    }

    private static Status refused(ManagedChannel channel) {
        var thrown = catchThrowableOfType(StatusRuntimeException.class, () -> regions(channel));
        assertThat(thrown).isNotNull();
        return thrown.getStatus();
    }

    private ManagedChannel channel(TransportSecurity security) {
        return security.channel("dns:///" + server.address()).build();
    }

    private static int regions(ManagedChannel channel) {
        try {
            return PlatformGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(120, TimeUnit.SECONDS)
                    .listRegions(ListRegionsRequest.getDefaultInstance())
                    .getRegionsCount();
        } finally {
            channel.shutdownNow();
        }
    }

    private double count(String cause) {
        return registry.get("meridian.admin.refused")
                .tag("cause", cause)
                .functionCounter()
                .count();
    }
}
