package io.meridianmq.fabric.link;

import static io.meridianmq.fabric.link.TestComponent.awaitThat;
import static io.meridianmq.fabric.link.TestComponent.connect;
import static io.meridianmq.fabric.link.TestFrames.laneData;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.meridianmq.core.link.Hello;
import io.meridianmq.core.link.HelloVerdict.Cause;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.link.v1.HeartbeatFrame;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a link does when the network, the neighbour or the caller is not as it should be. */
@Timeout(120)
class LinkFaultsTest {

    private static final LinkSettings HASTY = new LinkSettings(
            Duration.ofMillis(20),
            Duration.ofMillis(400),
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            1 << 20,
            4 << 20,
            1 << 20);

    private static final Place LOWER = Place.parse("us/a/1");
    private static final Place GREATER = Place.parse("us/a/3");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void aCutLinkIsNoticedByBothEndsAndComesBack() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        var proxy = open(new StallingProxy(a.port()));
        connect(a, b, a.memberAt(proxy.port()), b.member());
        proxy.cut();
        awaitThat(() -> a.figures(b).opened() == 2 && b.figures(a).opened() == 2);
        awaitThat(() -> a.isUp(b) && b.isUp(a));
        assertThat(a.events).containsExactly("up us/a/2 boot 1", "down us/a/2", "up us/a/2 boot 1");
        assertThat(b.events).containsExactly("up us/a/1 boot 1", "down us/a/1", "up us/a/1 boot 1");
        assertThat(a.offer(b, laneData(1, 10))).isTrue();
        awaitThat(() -> b.frames.contains(laneData(1, 10)));
    }

    @Test
    void aStalledNetworkIsNoticedByMissingHeartbeats() {
        var a = hasty("us/a/1", 1);
        var b = hasty("us/a/2", 1);
        var proxy = open(new StallingProxy(a.port()));
        connect(a, b, a.memberAt(proxy.port()), b.member());
        proxy.stall();
        awaitThat(() -> a.figures(b).closed().containsKey(DownCause.SILENT)
                && b.figures(a).closed().containsKey(DownCause.SILENT));
        assertThat(a.isUp(b)).isFalse();
        assertThat(b.isUp(a)).isFalse();
        proxy.resume();
        awaitThat(() -> a.isUp(b) && b.isUp(a));
    }

    @Test
    void aNeighbourWhoseMeshThreadHangsCountsAsSilent() {
        var a = hasty("us/a/1", 1);
        var b = open(new TestComponent("us/a/2", 1, LinksTest.PATIENT));
        connect(a, b);
        var pause = new CountDownLatch(1);
        b.pauseUntil(pause);
        awaitThat(() -> a.figures(b).closed().containsKey(DownCause.SILENT));
        pause.countDown();
        awaitThat(() -> a.isUp(b) && b.isUp(a));
    }

    @Test
    void aNeighbourThatIsNotThereYetIsDialledUntilItIs() {
        var b = component("us/a/2", 1);
        Member early;
        try (var away = new TestComponent("us/a/1", 1, LinksTest.PATIENT)) {
            early = away.member();
        }
        b.sees(1, early, b.member());
        awaitThat(() -> b.figures(LOWER).failedAttempts() >= 3);
        var late = component("us/a/1", 2);
        late.sees(2, late.member(), b.member());
        b.sees(2, late.member(), b.member());
        awaitThat(() -> b.isUp(late) && late.isUp(b));
        assertThat(b.events).containsExactly("up us/a/1 boot 2");
    }

    @Test
    void aNeighbourThatLeavesTheViewLosesItsLink() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        a.sees(2, a.member());
        awaitThat(() -> b.figures(a).closed().containsKey(DownCause.STREAM_ENDED));
        assertThat(a.events).containsExactly("up us/a/2 boot 1", "down us/a/2");
        awaitThat(() -> a.links().refusals().containsKey(Cause.LEFT_OUT));
        awaitThat(() -> b.leftOutBy.contains(a.place));
        a.sees(3, a.member(), b.member());
        awaitThat(() -> a.isUp(b) && b.isUp(a));
    }

    @Test
    void whoIsNotListedYetDialsNobody() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 7);
        a.sees(1, a.member());
        b.sees(1, a.member(), new Member(b.place, 6, b.member().linkAddress(), "", ""));
        a.sees(2, a.member(), b.member());
        assertThat(b.links().figures()).isEmpty();
        b.sees(2, a.member(), b.member());
        awaitThat(() -> a.isUp(b) && b.isUp(a));
        assertThat(a.links().refusals()).isEmpty();
    }

    @Test
    void aLaterStartInTheViewEndsTheLinkToTheEarlierOne() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        a.sees(2, a.member(), new Member(b.place, 2, b.member().linkAddress(), "", ""));
        awaitThat(() -> a.figures(b).closed().containsKey(DownCause.LEFT));
        awaitThat(() -> a.links().refusals().containsKey(Cause.OLD_BOOT));
        awaitThat(() -> b.leftOutBy.contains(a.place));
        assertThat(a.events).containsExactly("up us/a/2 boot 1", "down us/a/2");
    }

    @Test
    void aWrongPlaceBehindTheAddressIsRefusedByTheDialler() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        var c = component("us/a/3", 1);
        var wrong = new Member(a.place, 1, b.member().linkAddress(), "", "");
        b.sees(1, b.member(), c.member());
        c.sees(1, wrong, c.member());
        awaitThat(() -> c.links().refusals().getOrDefault(Cause.OTHER_PLACE, 0L) >= 2);
        assertThat(c.isUp(a)).isFalse();
        assertThat(c.events).isEmpty();
    }

    @Test
    void anUnusableAddressIsTriedAgain() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        a.sees(1, a.member(), b.member());
        b.sees(1, new Member(a.place, 1, "not an address", "", ""), b.member());
        awaitThat(() -> b.figures(a).failedAttempts() >= 2);
        b.sees(2, a.member(), b.member());
        awaitThat(() -> a.isUp(b) && b.isUp(a));
    }

    @Test
    void callersAreRefusedWithTheReason() {
        var called = component("us/a/2", 1);
        var lower = new Member(LOWER, 5, "127.0.0.1:1", "", "");
        var greater = new Member(GREATER, 5, "127.0.0.1:1", "", "");
        called.sees(1, lower, called.member(), greater);
        assertRefused(called, RawCaller.hello(Hello.VERSION + 1, "us/a/3", 5), "version", Cause.VERSION);
        assertRefused(called, RawCaller.hello(Hello.VERSION, "us/b/3", 5), "no link connects", Cause.NOT_ADJACENT);
        assertRefused(called, RawCaller.hello(Hello.VERSION, "us/a/1", 5), "greater place", Cause.WRONG_DIALLER);
        assertRefused(called, RawCaller.hello(Hello.VERSION, "us/a/4", 5), "not in the directory", Cause.LEFT_OUT);
        assertRefused(called, RawCaller.hello(Hello.VERSION, "us/a/3", 4), "older process", Cause.OLD_BOOT);
        assertThat(called.events).isEmpty();
    }

    @Test
    void aCallerThatDoesNotSayHelloIsTurnedAway() {
        var called = hasty("us/a/1", 1);
        var silent = open(new RawCaller(called));
        awaitThat(() -> silent.end().isPresent());
        assertEnded(silent, Status.Code.DEADLINE_EXCEEDED, "no hello");
        var rude = open(new RawCaller(called));
        rude.send(LinkFrame.newBuilder()
                .setHeartbeat(HeartbeatFrame.newBuilder().setStamp(1))
                .build());
        awaitThat(() -> rude.end().isPresent());
        assertEnded(rude, Status.Code.INVALID_ARGUMENT, "not a single hello");
    }

    @Test
    void aSecondCallOfANeighbourReplacesTheFirst() {
        var called = component("us/a/2", 1);
        called.sees(1, called.member(), new Member(GREATER, 5, "127.0.0.1:1", "", ""));
        var first = open(new RawCaller(called));
        first.send(RawCaller.hello(Hello.VERSION, "us/a/3", 5));
        awaitThat(() -> called.events.size() == 1);
        var second = open(new RawCaller(called));
        second.send(RawCaller.hello(Hello.VERSION, "us/a/3", 5));
        awaitThat(() -> first.end().isPresent());
        awaitThat(() -> !second.received.isEmpty());
        assertThat(second.end()).isEmpty();
        awaitThat(() -> called.events.size() == 3);
        assertThat(called.events).containsExactly("up us/a/3 boot 5", "down us/a/3", "up us/a/3 boot 5");
    }

    @Test
    void framesFromALaterVersionAreSkipped() {
        var called = component("us/a/2", 1);
        called.sees(1, called.member(), new Member(GREATER, 5, "127.0.0.1:1", "", ""));
        var caller = open(new RawCaller(called));
        caller.send(RawCaller.hello(Hello.VERSION, "us/a/3", 5));
        awaitThat(() -> called.events.size() == 1);
        var known = Unpooled.buffer();
        new FrameEncoder(OpaqueBytes.CODEC, new PlaceTexts()).append(known, laneData(1, 10), 0);
        caller.send(LinkFrame.getDefaultInstance(), RawCaller.hello(1, "us/a/3", 5));
        caller.send(ByteBufUtil.getBytes(known));
        awaitThat(() -> called.frames.size() == 1);
        assertThat(called.frames).containsExactly(laneData(1, 10));
        assertThat(called.figures(GREATER).dropped()).containsEntry(DropReason.UNREADABLE, 2L);
    }

    @Test
    void aBatchThatIsNoneResetsTheLink() {
        var called = component("us/a/2", 1);
        called.sees(1, called.member(), new Member(GREATER, 5, "127.0.0.1:1", "", ""));
        var caller = open(new RawCaller(called));
        caller.send(RawCaller.hello(Hello.VERSION, "us/a/3", 5));
        awaitThat(() -> called.events.size() == 1);
        caller.send("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII));
        awaitThat(() -> caller.end().isPresent());
        assertEnded(caller, Status.Code.UNAVAILABLE, "not of meridian.link.v1");
        awaitThat(() -> called.figures(GREATER).closed().containsKey(DownCause.FAILED));
    }

    private void assertRefused(TestComponent called, LinkFrame hello, String reasonPart, Cause cause) {
        var before = called.links().refusals().getOrDefault(cause, 0L);
        var caller = open(new RawCaller(called));
        caller.send(hello);
        awaitThat(() -> caller.end().isPresent());
        var leftOut = cause == Cause.LEFT_OUT || cause == Cause.OLD_BOOT;
        assertEnded(caller, leftOut ? Status.Code.NOT_FOUND : Status.Code.FAILED_PRECONDITION, reasonPart);
        assertThat(called.links().refusals()).containsEntry(cause, before + 1);
    }

    private static void assertEnded(RawCaller caller, Status.Code code, String reasonPart) {
        assertThat(caller.end()).hasValueSatisfying(status -> {
            assertThat(status.getCode()).isEqualTo(code);
            assertThat(status.getDescription()).contains(reasonPart);
        });
    }

    private TestComponent component(String place, long boot) {
        return open(new TestComponent(place, boot, LinksTest.PATIENT));
    }

    private TestComponent hasty(String place, long boot) {
        return open(new TestComponent(place, boot, HASTY));
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }
}
