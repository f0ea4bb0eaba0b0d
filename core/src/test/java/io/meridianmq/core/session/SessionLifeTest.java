package io.meridianmq.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.Qos;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expiry and takeover: every interval against every way to go and to come back. */
final class SessionLifeTest {

    private static final int RECEIVE_MAXIMUM = 10;
    private static final long GONE_AT = 1_000_000;

    private final Recorder world = new Recorder();

    /**
     * How a client goes: {@code lost}, or {@code expiry=N}: a DISCONNECT that changes the interval. What happens next:
     * nothing, until the second in which the end is expected. {@code -} never. [MQTT-3.1.2-23]
     */
    @ParameterizedTest(name = "expiry {0}, goes {1}: end after {2}")
    @CsvSource(textBlock = """
            # expiry,     goes,        end
            0,            lost,        0
            60,           lost,        60
            60,           expiry=0,    0
            60,           expiry=10,   10
            60,           expiry=120,  120
            4294967295,   lost,        -
            4294967295,   expiry=0,    0
            """)
    void endsOnTime(String expiry, String goes, String end) {
        var session = session();
        var port = world.connection("A");
        session.connect(opening(Long.parseLong(expiry), false), port, 0);
        world.take();

        session.onGone(port, departure(goes), GONE_AT);
        var deadline = session.deadlineMillis();
        if (deadline != Session.NO_DEADLINE) {
            session.tick(deadline - 1);
            assertThat(world.take()).as("a millisecond early").isEmpty();
            session.tick(deadline);
        }

        var endedAt = session.isEnded() && deadline == Session.NO_DEADLINE ? GONE_AT : deadline;
        assertThat(session.isEnded()).isEqualTo(!end.equals("-"));
        assertThat(world.take()).isEqualTo(session.isEnded() ? List.of("ended 0") : List.of());
        if (session.isEnded()) {
            assertThat((endedAt - GONE_AT) / 1_000).isEqualTo(Long.parseLong(end));
        }
    }

    /** The server's own maximum is 60 s; {@code goes} as above. (MQTT 5, section 3.2.2.3.2) */
    @ParameterizedTest(name = "asks for {0}, goes {1}: agreed on {2}, end after {3}")
    @CsvSource(textBlock = """
            # asks for,   goes,                agreed, end
            0,            lost,                0,      0
            59,           lost,                59,     59
            61,           lost,                60,     60
            4294967295,   lost,                60,     60
            10,           expiry=61,           10,     60
            10,           expiry=4294967295,   10,     60
            4294967295,   expiry=59,           60,     59
            """)
    void agreesOnNoMoreThanTheServersMaximum(long asked, String goes, long agreed, long end) {
        var limits = new SessionLimits(10, 10, 1_000, 10, 60);
        var session = new Session("client", 7, 0, () -> limits, world);
        var port = world.connection("A");
        session.connect(opening(asked, false), port, 0);
        assertThat(world.take()).containsExactly("A opened present=false expiry=" + agreed);

        session.onGone(port, departure(goes), GONE_AT);
        session.tick(GONE_AT + end * 1_000 - 1);
        assertThat(session.isEnded()).isEqualTo(end == 0);
        session.tick(GONE_AT + end * 1_000);
        assertThat(session.isEnded()).isTrue();
    }

    /**
     * A second connection {@code after} seconds of silence, or {@code now}, while the first is still there. [MQTT-3.1.2-4]
     * [MQTT-3.1.2-5] [MQTT-3.1.4-4] [MQTT3-3.1.2-4] [MQTT3-3.1.2-6] [MQTT3-3.1.4-3]
     */
    @ParameterizedTest(name = "expiry {0}, back {1}, clean {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            # expiry | back | clean | effects before the new connection's CONNACK
            0        | now  | false | A close SESSION_TAKEN_OVER, ended 1
            60       | now  | false | A close SESSION_TAKEN_OVER, B opened present=true expiry=60
            60       | now  | true  | A close SESSION_TAKEN_OVER, ended 1
            60       | 59   | false | B opened present=true expiry=60
            60       | 59   | true  | ended 1
            60       | 60   | false | ended 1
            """)
    void resumesOrEndsWhenTheClientComesBack(String expiry, String back, boolean clean, String effects) {
        var session = session();
        var port = world.connection("A");
        session.connect(opening(Long.parseLong(expiry), false), port, 0);
        session.subscribe("a/b", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
        world.take();

        var backAt = GONE_AT;
        if (!back.equals("now")) {
            session.onGone(port, Departure.LOST, GONE_AT);
            backAt += Long.parseLong(back) * 1_000;
        }
        var resumed = session.resume(opening(60, clean), world.connection("B"), backAt);

        assertThat(String.join(", ", world.take())).isEqualTo(effects);
        assertThat(resumed).isEqualTo(effects.contains("present=true"));
        assertThat(session.isEnded()).isEqualTo(!resumed);
    }

    @Test
    void isSaidToBeAwayAndBackWhileItGoesOn() {
        var session = session();
        var port = world.connection("A");
        session.connect(opening(60, false), port, 0);
        assertThat(world.presences()).isEmpty();

        session.onGone(port, Departure.LOST, GONE_AT);
        session.resume(opening(0, false), world.connection("B"), GONE_AT + 1_000);
        assertThat(world.presences()).containsExactly(false, true);

        session.close(CloseReason.SERVER_SHUTTING_DOWN, GONE_AT + 2_000);
        assertThat(session.isEnded()).isTrue();
        assertThat(world.presences()).as("one that ends is not away").hasSize(2);
    }

    @Test
    void endsAtOnceWhenItGoesOnElsewhere() {
        var connected = session();
        connected.connect(opening(60, false), world.connection("A"), 0);
        var waiting = session();
        var port = world.connection("B");
        waiting.connect(opening(60, false), port, 0);
        waiting.onGone(port, Departure.LOST, GONE_AT);
        world.take();

        connected.end(CloseReason.SESSION_TAKEN_OVER, GONE_AT);
        waiting.end(CloseReason.SESSION_TAKEN_OVER, GONE_AT);

        assertThat(world.take()).containsExactly("A close SESSION_TAKEN_OVER", "ended 0", "ended 0");
    }

    private Session session() {
        return new Session("client", 7, 0, () -> SessionLimits.DEFAULT, world);
    }

    private static Opening opening(long expiry, boolean clean) {
        return new Opening(clean, expiry, RECEIVE_MAXIMUM, RECEIVE_MAXIMUM);
    }

    private static Departure departure(String goes) {
        return goes.equals("lost")
                ? Departure.LOST
                : new Departure(
                        Departure.Manner.WITH_WILL,
                        OptionalLong.of(Long.parseLong(goes.substring("expiry=".length()))));
    }
}
