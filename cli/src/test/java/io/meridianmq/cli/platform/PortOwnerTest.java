package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.place.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortOwnerTest {

    @Test
    void listeningProcessIsFoundByItsPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortOwner.of(socket.getLocalPort())).hasValueSatisfying(owner -> {
                assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(owner.command()).contains("java");
            });
        }
    }

    @Test
    void freePortHasNoOwner() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(PortOwner.of(port)).isEmpty();
    }

    @Test
    void takenPortIsReportedWithWhoNeedsItAndWhoHasIt() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = socket.getLocalPort();
            var balancer = new Component.LoadBalancer(Place.region("us-east"), port, port, List.of());

            assertThatThrownBy(() -> PortCheck.requireFree(List.of(balancer)))
                    .isInstanceOf(PlatformException.class)
                    .hasMessageContaining("port " + port + " (for haproxy-us-east)")
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("--client-port");
        }
    }
}
