package io.meridianmq.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The flows of QoS 0, 1 and 2 in both directions, windows, queue, retained messages. */
final class SessionFlowTest {

    private static final long NOW = 1_000;

    private final Recorder world = new Recorder();
    private final Messages messages = new Messages();
    private Session session = session(SessionLimits.DEFAULT);
    private final Recorder.Connection a = world.connection("A");
    private final Recorder.Connection b = world.connection("B");

    @Test
    void deliversAtTheLowerOfBothQos() {
        connect(10);
        world.take();
        deliver("x", 2, 1);
        deliver("y", 1, 2);
        deliver("z", 0, 2);

        assertThat(world.take()).containsExactly("A publish x qos1 #1", "A publish y qos1 #2", "A publish z qos0");
    }

    @Test // [MQTT-3.3.4-9] [MQTT-4.9.0-1] [MQTT-4.9.0-2]
    void sendsNoMoreThanTheReceiveMaximumAndContinuesInOrder() {
        connect(2);
        world.take();
        deliver("1", 1, 2);
        deliver("2", 2, 2);
        deliver("3", 1, 2);
        deliver("4", 1, 2);
        assertThat(world.take()).containsExactly("A publish 1 qos1 #1", "A publish 2 qos2 #2");

        session.onPubRec(a, 2, 0, NOW);
        assertThat(world.take()).containsExactly("A pubrel #2");
        session.onPubComp(a, 2, NOW);
        assertThat(world.take()).containsExactly("A publish 3 qos1 #3");
        session.onPubAck(a, 1, NOW);
        assertThat(world.take()).containsExactly("A publish 4 qos1 #4");
        session.onPubAck(a, 3, NOW);
        session.onPubAck(a, 4, NOW);
        assertThat(messages.held()).isZero();
    }

    @Test // [MQTT-4.4.0-1] [MQTT-4.6.0-1] [MQTT-3.3.1-1]
    void sendsUnacknowledgedAgainInOrderAndWithDupOnResume() {
        connect(10);
        deliver("1", 1, 1);
        deliver("2", 2, 2);
        deliver("3", 2, 2);
        session.onPubRec(a, 2, 0, NOW);
        session.onGone(a, Departure.LOST, NOW);
        deliver("4", 1, 1);
        deliver("5", 0, 0);
        world.take();

        resume(10);

        assertThat(world.take())
                .containsExactly(
                        "B opened present=true expiry=60",
                        "B publish 1 qos1 #1 dup",
                        "B pubrel #2",
                        "B publish 3 qos2 #3 dup",
                        "B publish 4 qos1 #4");
    }

    /** [MQTT-4.6.0-5] [MQTT-4.6.0-6] [MQTT3-4.6.0-5] [MQTT3-4.6.0-6] */
    @Test
    void doesNotLetALaterMessageOvertakeOneThatWaits() {
        connect(10);
        world.take();
        a.room(false);
        deliver("1", 1, 1);
        a.room(true);
        deliver("2", 1, 1);
        assertThat(world.take()).isEmpty();
        session.onRoom(a, NOW);

        assertThat(world.take()).containsExactly("A publish 1 qos1 #1", "A publish 2 qos1 #2");
    }

    @Test
    void keepsTheSmallerReceiveMaximumOfTheNewConnection() {
        connect(10);
        deliver("1", 1, 1);
        deliver("2", 1, 1);
        session.onGone(a, Departure.LOST, NOW);
        world.take();
        resume(1);
        assertThat(world.take()).containsExactly("B opened present=true expiry=60", "B publish 1 qos1 #1 dup");

        session.onPubAck(b, 1, NOW);

        assertThat(world.take()).containsExactly("B publish 2 qos1 #2 dup");
    }

    @Test
    void acknowledgementBeforeTheRepetitionMakesItUnnecessary() {
        connect(10);
        deliver("1", 1, 1);
        deliver("2", 1, 1);
        session.onGone(a, Departure.LOST, NOW);
        resume(1);
        world.take();

        session.onPubAck(b, 2, NOW);
        session.onPubAck(b, 1, NOW);
        deliver("3", 1, 1);

        assertThat(world.take()).containsExactly("B publish 3 qos1 #3");
    }

    @Test
    void ignoresWhatAnEarlierConnectionStillSays() {
        connect(10);
        deliver("1", 1, 1);
        session.onGone(a, Departure.LOST, NOW);
        resume(10);
        world.take();

        session.onPubAck(a, 1, NOW);
        session.onGone(a, Departure.LOST, NOW);
        assertThat(session.onPublish(a, Qos.AT_LEAST_ONCE, 1, NOW)).isEqualTo(Intake.IGNORE);

        assertThat(session.inFlight()).isOne();
        assertThat(session.isConnectedOver(b)).isTrue();
        assertThat(world.take()).isEmpty();
    }

    @Test
    void neverUsesAnIdentifierThatIsInUse() {
        connect(3);
        deliver("slow", 1, 1);
        for (var i = 0; i < 65_540; i++) {
            deliver("fast", 1, 1);
            var sent = world.take().getLast();
            var identifier = Integer.parseInt(sent.substring(sent.indexOf('#') + 1));
            assertThat(identifier).isBetween(2, 65_535);
            session.onPubAck(a, identifier, NOW);
        }
        assertThat(session.inFlight()).isOne();
    }

    @Test
    void dropsQosZeroForASlowOrAbsentClientAndKeepsTheRest() {
        connect(10);
        a.room(false);
        deliver("0", 0, 0);
        deliver("1", 1, 1);
        assertThat(world.take()).containsExactly("A opened present=false expiry=60", "dropped SLOW_CONSUMER");

        a.room(true);
        session.onRoom(a, NOW);
        assertThat(world.take()).containsExactly("A publish 1 qos1 #1");

        session.onGone(a, Departure.LOST, NOW);
        deliver("0", 0, 0);
        assertThat(world.take()).containsExactly("dropped OFFLINE");
    }

    @Test
    void dropsTheNewestWhenTheQueueIsFull() {
        session = session(new SessionLimits(10, 2, 100, 10, 60));
        connect(1);
        session.onGone(a, Departure.LOST, NOW);
        world.take();
        deliver("1", 1, 1);
        deliver("2", 1, 1);
        deliver("3", 1, 1);
        assertThat(world.take()).containsExactly("dropped QUEUE_MESSAGES");

        resume(10);
        assertThat(world.take())
                .containsExactly("B opened present=true expiry=60", "B publish 1 qos1 #1", "B publish 2 qos1 #2");
    }

    @Test
    void boundsTheQueueByBytesAndMakesRoomByDroppingTheExpired() {
        session = session(new SessionLimits(10, 100, 25, 10, 60));
        connect(1);
        session.onGone(a, Departure.LOST, NOW);
        world.take();
        deliver(messages.of("short", 1, false, NOW + 10, 10), 1, NOW);
        deliver("long", 1, 1);
        deliver("no", 1, 1);
        assertThat(world.take()).containsExactly("dropped QUEUE_BYTES");

        deliver(messages.of("yes", 1, false, Publication.NEVER, 10), 1, NOW + 10);

        assertThat(world.take()).containsExactly("dropped EXPIRED");
        assertThat(session.queued()).isEqualTo(2);
    }

    @Test // [MQTT-3.3.2-5]
    void dropsWhatExpiredInTheQueue() {
        connect(1);
        deliver("1", 1, 1);
        deliver(messages.of("2", 1, false, NOW + 5, 10), 1, NOW);
        deliver("3", 1, 1);
        world.take();

        session.onPubAck(a, 1, NOW + 5);

        assertThat(world.take()).containsExactly("dropped EXPIRED", "A publish 3 qos1 #2");
        assertThat(messages.held()).isOne();
    }

    @Test // [MQTT-3.1.2-25]
    void skipsWhatIsTooLargeForTheClient() {
        connect(1);
        a.sizeMax(10);
        deliver(messages.of("big", 1, false, Publication.NEVER, 11), 1, NOW);
        deliver(messages.of("big", 0, false, Publication.NEVER, 11), 0, NOW);
        deliver("small", 1, 1);
        session.onTooLarge(a, 2, NOW);

        assertThat(world.take())
                .containsExactly(
                        "A opened present=false expiry=60",
                        "dropped TOO_LARGE",
                        "dropped TOO_LARGE",
                        "A publish small qos1 #2",
                        "dropped TOO_LARGE");
        assertThat(messages.held()).isZero();
    }

    @Test // [MQTT-4.6.0-2] [MQTT-4.6.0-3]
    void answersInTheOrderOfArrival() {
        connect(10);
        world.take();
        var first = publish(Qos.AT_LEAST_ONCE, 11);
        var second = publish(Qos.EXACTLY_ONCE, 12);
        var third = publish(Qos.AT_LEAST_ONCE, 13);

        session.onAccepted(third, Qos.AT_LEAST_ONCE, 13, 0x10);
        session.onAccepted(second, Qos.EXACTLY_ONCE, 12, 0);
        assertThat(world.take()).isEmpty();
        session.onAccepted(first, Qos.AT_LEAST_ONCE, 11, 0);

        assertThat(world.take()).containsExactly("A puback #11", "A pubrec #12", "A puback #13 0x10");
    }

    @Test // [MQTT-4.3.3-10] [MQTT-4.3.3-11] [MQTT-4.3.3-12]
    void takesAQosTwoMessageInOnceUntilItsRelease() {
        connect(10);
        world.take();
        var arrival = publish(Qos.EXACTLY_ONCE, 5);
        assertThat(session.onPublish(a, Qos.EXACTLY_ONCE, 5, NOW)).isEqualTo(Intake.DUPLICATE);
        session.onAccepted(arrival, Qos.EXACTLY_ONCE, 5, 0);
        assertThat(session.onPublish(a, Qos.EXACTLY_ONCE, 5, NOW)).isEqualTo(Intake.DUPLICATE);
        session.onPubRel(a, 5, NOW);
        assertThat(session.onPublish(a, Qos.EXACTLY_ONCE, 5, NOW)).isEqualTo(Intake.PUBLISH);

        assertThat(world.take()).containsExactly("A pubrec #5", "A pubrec #5", "A pubcomp #5");
    }

    @Test
    void limitsThatChangeTakeNothingAwayAndCountFromThenOn() {
        var limits = new AtomicReference<>(new SessionLimits(10, 3, 100, 2, 60));
        session = new Session("client", 7, 0, limits::get, world);
        connect(1);
        for (var payload : List.of("1", "2", "3")) {
            deliver(payload, 1, 1);
        }
        world.take();

        limits.set(new SessionLimits(10, 1, 100, 2, 60));
        deliver("4", 1, 1);
        assertThat(world.take()).containsExactly("dropped QUEUE_MESSAGES");
        assertThat(session.queued()).isEqualTo(2);

        limits.set(new SessionLimits(10, 3, 100, 2, 60));
        deliver("5", 1, 1);
        assertThat(world.take()).isEmpty();
        assertThat(session.queued()).isEqualTo(3);
    }

    @Test
    void remembersQosTwoIdentifiersOverConnections() {
        connect(10);
        var accepted = publish(Qos.EXACTLY_ONCE, 1);
        session.onAccepted(accepted, Qos.EXACTLY_ONCE, 1, 0);
        var pending = publish(Qos.EXACTLY_ONCE, 2);
        session.onGone(a, Departure.LOST, NOW);
        resume(10);
        world.take();

        assertThat(session.onPublish(b, Qos.EXACTLY_ONCE, 1, NOW)).isEqualTo(Intake.DUPLICATE);
        assertThat(session.onPublish(b, Qos.EXACTLY_ONCE, 2, NOW)).isEqualTo(Intake.DUPLICATE);
        assertThat(world.take()).containsExactly("B pubrec #1");
        session.onAccepted(pending, Qos.EXACTLY_ONCE, 2, 0);
        assertThat(world.take()).containsExactly("B pubrec #2");
    }

    @Test
    void doesNotAcknowledgeOverANewConnectionWhatAnOldOneSent() {
        connect(10);
        var arrival = publish(Qos.AT_LEAST_ONCE, 1);
        session.onGone(a, Departure.LOST, NOW);
        resume(10);
        world.take();

        session.onAccepted(arrival, Qos.AT_LEAST_ONCE, 1, 0);

        assertThat(world.take()).isEmpty();
    }

    @Test
    void answersAReleaseOfAnUnknownMessage() {
        connect(10);
        world.take();
        session.onPubRel(a, 9, NOW);
        session.onPubRec(a, 9, 0, NOW);

        assertThat(world.take()).containsExactly("A pubcomp #9 0x92", "A pubrel #9 0x92");
    }

    @Test // [MQTT-3.3.4-7]
    void closesAClientThatExceedsTheReceiveMaximum() {
        session.connect(new Opening(false, 60, 10, 2), a, NOW);
        world.take();
        publish(Qos.AT_LEAST_ONCE, 1);
        publish(Qos.EXACTLY_ONCE, 2);
        assertThat(session.onPublish(a, Qos.EXACTLY_ONCE, 2, NOW)).isEqualTo(Intake.DUPLICATE);
        assertThat(session.onPublish(a, Qos.AT_LEAST_ONCE, 3, NOW)).isEqualTo(Intake.IGNORE);

        assertThat(world.take()).containsExactly("A close RECEIVE_MAXIMUM_EXCEEDED");
        assertThat(session.isConnected()).isFalse();
    }

    @Test
    void closesAClientThatAcknowledgesTheWrongWay() {
        connect(10);
        deliver("2", 2, 2);
        world.take();

        session.onPubAck(a, 1, NOW);

        assertThat(world.take()).containsExactly("A close PROTOCOL_ERROR");
    }

    @Test
    void endsTheExchangeWhenTheClientRefusesAMessage() {
        connect(1);
        deliver("1", 2, 2);
        deliver("2", 2, 2);
        world.take();

        session.onPubRec(a, 1, 0x83, NOW);

        assertThat(world.take()).containsExactly("A publish 2 qos2 #2");
    }

    @Test // [MQTT-3.3.4-2] [MQTT-3.3.4-3] [MQTT-3.3.4-4]
    void mergesOverlappingSubscriptionsIntoOneCopy() {
        connect(10);
        world.take();
        var narrow = subscribe("a/b", new SubscriptionOptions(Qos.AT_MOST_ONCE, false, true, RetainHandling.SEND, 3));
        var wide = subscribe("a/#", new SubscriptionOptions(Qos.AT_LEAST_ONCE, false, false, RetainHandling.SEND, 4));

        var publication = messages.retained("a/b", 2, 1);
        assertThat(session.match(narrow, publication)).isTrue();
        assertThat(session.match(wide, publication)).isFalse();
        session.deliverMatched(publication, NOW);
        session.deliverMatched(publication, NOW);

        assertThat(world.take()).containsExactly("A publish a/b qos1 #1 retain ids=[3, 4]");
    }

    @Test // [MQTT-3.8.3-3] [MQTT-3.8.4-3]
    void changesOptionsWithoutChangingTheSubscription() {
        connect(10);
        var before = subscribe("a", SubscriptionOptions.ofQos(Qos.AT_MOST_ONCE));
        assertThat(session.wants(before, messages.of("a", 0))).isTrue();

        var options = new SubscriptionOptions(Qos.EXACTLY_ONCE, true, false, RetainHandling.SEND_IF_NEW, 0);
        var again = (SubscribeResult.Subscribed) session.subscribe("a", options);

        assertThat(again.subscription()).isSameAs(before);
        assertThat(again.isNew()).isFalse();
        assertThat(again.sendRetained()).isFalse();
        assertThat(session.wants(before, messages.of("a", 0))).as("no local").isFalse();
        assertThat(session.unsubscribe("a")).contains(before);
        assertThat(session.unsubscribe("a")).isEmpty();
    }

    @Test
    void refusesMoreSubscriptionsThanAllowed() {
        session = session(new SessionLimits(10, 10, 100, 1, 60));
        connect(10);
        subscribe("a", SubscriptionOptions.ofQos(Qos.AT_MOST_ONCE));

        assertThat(session.subscribe("b", SubscriptionOptions.ofQos(Qos.AT_MOST_ONCE)))
                .isInstanceOf(SubscribeResult.Refused.class);
    }

    @Test // [MQTT3-3.3.1-8]
    void pagesRetainedMessagesUnderTheReceiveMaximum() {
        connect(1);
        var subscription = subscribe("#", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
        world.take();
        session.replayRetained(subscription, NOW);
        assertThat(world.take()).containsExactly("look up # after \"\"");

        session.onRetained(
                subscription, List.of(messages.retained("a", 1, 1), messages.retained("b", 1, 2)), true, NOW);
        assertThat(world.take()).containsExactly("A publish a qos1 #1 retain");
        session.onPubAck(a, 1, NOW);
        assertThat(world.take()).containsExactly("A publish b qos1 #2 retain", "look up # after \"b\"");
        session.onRetained(subscription, List.of(messages.retained("c", 0, 3)), false, NOW);
        session.onPubAck(a, 2, NOW);

        assertThat(world.take()).containsExactly("A publish c qos0 retain");
    }

    @Test
    void newerLiveDeliveriesWinOverOlderRetainedMessages() {
        connect(10);
        var subscription = subscribe("#", SubscriptionOptions.ofQos(Qos.AT_MOST_ONCE));
        session.replayRetained(subscription, NOW);
        world.take();
        session.deliver(messages.retained("a", 0, 50), subscription.terms(), NOW);
        session.deliver(messages.retained("b", 0, 50), subscription.terms(), NOW);

        session.onRetained(
                subscription, List.of(messages.retained("a", 0, 40), messages.retained("b", 0, 60)), false, NOW);

        assertThat(world.take()).containsExactly("A publish a qos0", "A publish b qos0", "A publish b qos0 retain");
    }

    @Test
    void liveDeliveriesBeforeTheAcknowledgementWinAsWell() {
        connect(10);
        var subscription = subscribe("#", SubscriptionOptions.ofQos(Qos.AT_MOST_ONCE));
        session.deliver(messages.retained("a", 0, 50), subscription.terms(), NOW);
        session.replayRetained(subscription, NOW);
        session.onRetained(subscription, List.of(messages.retained("a", 0, 40)), false, NOW);

        assertThat(world.take()).filteredOn(event -> event.contains("publish")).containsExactly("A publish a qos0");
    }

    @Test
    void aRetainedMessageThatWaitsIsOvertakenByANewerDelivery() {
        connect(1);
        var subscription = subscribe("#", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
        session.replayRetained(subscription, NOW);
        session.onRetained(
                subscription,
                List.of(messages.retained("a", 1, 1), messages.retained("b", 1, 2), messages.retained("c", 1, 3)),
                false,
                NOW);
        session.deliver(messages.retained("b", 1, 9), subscription.terms(), NOW);
        world.take();
        session.onPubAck(a, 1, NOW);
        session.onPubAck(a, 2, NOW);

        assertThat(world.take()).containsExactly("A publish b qos1 #2", "A publish c qos1 #3 retain");
    }

    @Test
    void continuesOwedRetainedMessagesAfterAnInterruption() {
        connect(1);
        var subscription = subscribe("#", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
        session.replayRetained(subscription, NOW);
        session.onGone(a, Departure.LOST, NOW);
        session.onRetained(subscription, List.of(messages.retained("a", 1, 1)), true, NOW);
        world.take();

        resume(10);

        assertThat(world.take())
                .containsExactly(
                        "B opened present=true expiry=60", "B publish a qos1 #1 retain", "look up # after \"a\"");
        assertThat(world.lastLookUp()).isSameAs(subscription);
    }

    @Test
    void passesOnWhatAnEndedMemberOfASharedGroupLeftBehind() {
        connect(1);
        var member = subscribe("$share/g/a", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE));
        session.deliver(messages.of("1", 1), member.terms(), NOW);
        session.deliver(messages.of("2", 1), member.terms(), NOW);
        session.deliver(messages.of("3", 2), member.terms(), NOW);
        session.onGone(a, Departure.LOST, NOW);
        world.take();

        session.tick(NOW + 60_000);

        assertThat(world.take())
                .containsExactly(
                        "pass on 1 of $share/g/a", "pass on 2 of $share/g/a", "dropped SESSION_ENDED", "ended 1");
        assertThat(messages.held()).isZero();
    }

    @Test
    void watchesOneAndAHalfTimesTheKeepAlive() { // [MQTT-3.1.2-22]
        var keepAlive = new KeepAlive(10, 0);
        assertThat(keepAlive.isOver(15_000_000_000L)).isFalse();
        assertThat(keepAlive.isOver(15_000_000_001L)).isTrue();
        keepAlive.suspend();
        assertThat(keepAlive.isOver(99_000_000_000L)).isFalse();
        keepAlive.resume(99_000_000_000L);
        assertThat(keepAlive.isOver(114_000_000_001L)).isTrue();
        keepAlive.heard(114_000_000_000L);
        assertThat(keepAlive.isOver(114_000_000_001L)).isFalse();
        assertThat(new KeepAlive(0, 0).isOver(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aQosTwoMessageThatIsAlsoInheritedIsDeliveredOnce() { // [MQTT-4.3.3-10]
        connect(10);
        session.mayInherit(NOW);
        var once = messages.of("once", 2);
        deliver(once, 2, NOW);
        deliver(once, 2, NOW);
        assertThat(session.inFlight()).isEqualTo(1);

        var twice = messages.of("twice", 1);
        deliver(twice, 1, NOW);
        deliver(twice, 1, NOW);
        assertThat(session.inFlight()).as("QoS 1 allows it").isEqualTo(3);

        deliver(once, 2, NOW + 600_000);
        assertThat(session.inFlight()).as("it is not remembered for ever").isEqualTo(4);
    }

    private Session session(SessionLimits limits) {
        return new Session("client", 7, 0, () -> limits, world);
    }

    private void connect(int receiveMaximum) {
        session.connect(new Opening(false, 60, receiveMaximum, 65_535), a, NOW);
    }

    private void resume(int receiveMaximum) {
        assertThat(session.resume(new Opening(false, 60, receiveMaximum, 65_535), b, NOW))
                .isTrue();
    }

    private void deliver(String topic, int qos, int maximumQos) {
        deliver(messages.of(topic, qos), maximumQos, NOW);
    }

    private void deliver(Publication publication, int maximumQos, long nowMillis) {
        var wide = new Subscription(session, "#", SubscriptionOptions.ofQos(Qos.of(maximumQos)));
        session.deliver(publication, wide.terms(), nowMillis);
    }

    private Subscription subscribe(String filter, SubscriptionOptions options) {
        return ((SubscribeResult.Subscribed) session.subscribe(filter, options)).subscription();
    }

    private long publish(Qos qos, int packetIdentifier) {
        assertThat(session.onPublish(a, qos, packetIdentifier, NOW)).isEqualTo(Intake.PUBLISH);
        return session.lastArrival();
    }
}
