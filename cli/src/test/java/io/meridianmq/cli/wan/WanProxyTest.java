package io.meridianmq.cli.wan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WanProxyTest {

    private static final Duration DELAY = Duration.ofMillis(60);
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private ServerSocket target;
    private WanProxy proxy;

    @BeforeEach
    void start() throws IOException {
        target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = WanProxy.start(List.of(route(target.getLocalPort())), DELAY);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        target.close();
    }

    @Test
    void eachDirectionTakesTheDelay() throws IOException {
        try (var near = connect();
                var far = target.accept()) {
            for (var round = 0; round < 3; round++) {
                var begin = System.nanoTime();
                near.getOutputStream().write(round);
                assertThat(far.getInputStream().read()).isEqualTo(round);
                var there = System.nanoTime();
                far.getOutputStream().write(round);
                assertThat(near.getInputStream().read()).isEqualTo(round);
                assertThat(there - begin).isGreaterThanOrEqualTo(DELAY.toNanos());
                assertThat(System.nanoTime() - there).isGreaterThanOrEqualTo(DELAY.toNanos());
            }
        }
    }

    @Test
    void delayIsNotAddedUpOverWhatFollowsClosely() throws IOException {
        try (var near = connect();
                var far = target.accept()) {
            near.getOutputStream().write(0);
            assertThat(far.getInputStream().read()).isZero();
            var begin = System.nanoTime();
            for (var number = 0; number < 400; number++) {
                near.getOutputStream().write(number);
            }
            assertThat(far.getInputStream().readNBytes(400)).hasSize(400);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(DELAY.multipliedBy(200));
        }
    }

    @Test
    void everythingArrivesInOrderAndThenTheEnd() throws IOException {
        var sent = new byte[4 << 20];
        new Random(1).nextBytes(sent);
        try (var near = connect();
                var far = target.accept()) {
            var received = CompletableFuture.supplyAsync(() -> {
                try {
                    return far.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            near.getOutputStream().write(sent);
            near.shutdownOutput();

            assertThat(Arrays.equals(received.join(), sent)).isTrue();
            far.getOutputStream().write(1);
            assertThat(near.getInputStream().read())
                    .as("the other direction, after the end of this one")
                    .isEqualTo(1);
        }
    }

    @Test
    void receiverThatDoesNotReadHoldsTheSenderBack() throws Exception {
        try (var near = connect();
                var far = target.accept()) {
            var sent = new AtomicLong();
            Thread.ofVirtual().start(() -> writeUntilClosed(near, sent));
            // What the line and the buffers of the operating system hold, and not more.
            await().until(() -> sent.get() > DelayLine.BYTES_MAX);
            await().during(Duration.ofMillis(500)).until(() -> sent.get() < 3L * DelayLine.BYTES_MAX);

            assertThat(far.getInputStream().readNBytes(4 * DelayLine.BYTES_MAX)).hasSize(4 * DelayLine.BYTES_MAX);
        }
    }

    @Test
    void brokenEndBreaksTheOtherOne() throws IOException {
        try (var near = connect()) {
            var far = target.accept();
            far.setSoLinger(true, 0);
            far.close();

            assertThat(isEnded(near)).isTrue();
        }
    }

    @Test
    void targetThatIsAwayClosesTheConnection() throws IOException {
        target.close();
        try (var near = connect()) {
            assertThat(isEnded(near)).isTrue();
        }
    }

    @Test
    void addressThatIsTakenIsNamed() {
        var taken = new Route(new HostPort("127.0.0.1", target.getLocalPort()), ANY_PORT);
        assertThatThrownBy(() -> WanProxy.start(List.of(taken), DELAY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot accept connections on 127.0.0.1:" + target.getLocalPort());
    }

    /** In order or broken. */
    private static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException _) {
            return true;
        }
    }

    private static void writeUntilClosed(Socket socket, AtomicLong sent) {
        var bytes = new byte[64 * 1024];
        try {
            while (true) {
                socket.getOutputStream().write(bytes);
                sent.addAndGet(bytes.length);
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.ports().getFirst());
    }

    private static Route route(int port) {
        return new Route(ANY_PORT, new HostPort("127.0.0.1", port));
    }
}
