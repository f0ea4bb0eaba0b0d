package io.meridianmq.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableIntArray;
import com.sun.management.ThreadMXBean;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The path that is taken most often leaves no garbage. */
final class SessionAllocationTest {

    private static final int DELIVERIES = 100_000;

    @Test
    void deliversQosZeroWithoutAllocating() {
        var session = new Session("client", 7, 0, () -> SessionLimits.DEFAULT, new Recorder());
        var port = new CountingPort();
        session.connect(new Opening(true, 0, 10, 10), port, 0);
        var _ = session.subscribe("#", SubscriptionOptions.ofQos(Qos.AT_MOST_ONCE));
        var any = session.unsubscribe("#").orElseThrow();
        var publication = new Messages().of("a/b", 1);
        deliver(session, publication, any, DELIVERIES); // Until the compiler has settled.

        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadAllocatedBytes();
        deliver(session, publication, any, DELIVERIES);
        var allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(port.delivered).isEqualTo(2 * DELIVERIES);
        assertThat(allocated).as("bytes for %d deliveries", DELIVERIES).isLessThan(DELIVERIES);
    }

    private static void deliver(Session session, Publication publication, Subscription subscription, int times) {
        for (var i = 0; i < times; i++) {
            if (session.wants(subscription, publication)) {
                throw new AssertionError("the subscription has ended");
            }
            session.deliver(publication, subscription.terms(), 1);
        }
    }

    private static final class CountingPort implements SessionPort {
        private int delivered;

        @Override
        public void opened(boolean sessionPresent, long sessionExpirySeconds) {}

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean deliver(
                Publication publication,
                Qos qos,
                int packetIdentifier,
                boolean duplicate,
                boolean retain,
                ImmutableIntArray subscriptionIdentifiers) {
            delivered++;
            return true;
        }

        @Override
        public void sendPubAck(int packetIdentifier, int reasonCode) {}

        @Override
        public void sendPubRec(int packetIdentifier, int reasonCode) {}

        @Override
        public void sendPubRel(int packetIdentifier, int reasonCode) {}

        @Override
        public void sendPubComp(int packetIdentifier, int reasonCode) {}

        @Override
        public void close(CloseReason reason) {}
    }
}
