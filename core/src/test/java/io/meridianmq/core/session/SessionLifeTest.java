package io.meridianmq.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Will, expiry and takeover: every combination of intervals against every way to go and to come back. */
final class SessionLifeTest {

    private static final int RECEIVE_MAXIMUM = 10;
    private static final long GONE_AT = 1_000_000;

    private final Recorder world = new Recorder();
    private final Messages messages = new Messages();

    /**
     * How a client goes: {@code normal} DISCONNECT 0x00, {@code will} DISCONNECT 0x04, {@code lost}; {@code expiry=N} a
     * DISCONNECT that changes the interval. What happens next: nothing, until the second in which the will and the end
     * are expected. {@code -} never.
     */
    @ParameterizedTest(name = "expiry {0}, delay {1}, goes {2}: will after {3}, end after {4}")
    @CsvSource(textBlock = """
            # expiry,     delay, goes,        will, end
            0,            none,  lost,        -,    0
            0,            0,     lost,        0,    0
            0,            0,     normal,      -,    0
            0,            0,     will,        0,    0
            0,            30,    lost,        0,    0
            60,           none,  lost,        -,    60
            60,           0,     lost,        0,    60
            60,           0,     normal,      -,    60
            60,           30,    lost,        30,   60
            60,           30,    will,        30,   60
            60,           30,    normal,      -,    60
            60,           90,    lost,        60,   60
            60,           60,    lost,        60,   60
            60,           30,    expiry=0,    0,    0
            60,           30,    expiry=10,   10,   10
            60,           30,    expiry=120,  30,   120
            4294967295,   30,    lost,        30,   -
            4294967295,   none,  lost,        -,    -
            4294967295,   5,     expiry=0,    0,    0
            """)
    void publishesWillAndEndsOnTime(String expiry, String delay, String goes, String will, String end) {
        var session = session();
        var port = world.connection("A");
        session.connect(opening(Long.parseLong(expiry), delay, false), port, 0);
        world.take();

        session.onGone(port, departure(goes), GONE_AT);
        var seen = new ArrayList<String>();
        record(seen, 0);
        for (var wakes = 0; session.deadlineMillis() != Session.NO_DEADLINE; wakes++) {
            assertThat(wakes).as("wakes without an end").isLessThan(3);
            var at = session.deadlineMillis();
            session.tick(at - 1);
            assertThat(world.take()).as("a millisecond early").isEmpty();
            session.tick(at);
            record(seen, (at - GONE_AT) / 1_000);
        }

        var expected = new ArrayList<String>();
        if (!will.equals("-")) {
            expected.add("will " + will);
        }
        if (!end.equals("-")) {
            expected.add("ended 0 " + end);
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(messages.alive()).as("will bytes that somebody holds").isZero();
    }

    /** A second connection {@code after} seconds of silence, or {@code now}, while the first is still there. */
    @ParameterizedTest(name = "expiry {0}, delay {1}, back {2}, clean {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # expiry | delay | back | clean | effects before the new connection's CONNACK
            0        | none  | now  | false | A close SESSION_TAKEN_OVER, ended 1
            0        | 0     | now  | false | A close SESSION_TAKEN_OVER, will, ended 1
            0        | 30    | now  | false | A close SESSION_TAKEN_OVER, will, ended 1
            60       | none  | now  | false | A close SESSION_TAKEN_OVER, B opened present=true expiry=60
            60       | 0     | now  | false | A close SESSION_TAKEN_OVER, will, B opened present=true expiry=60
            60       | 30    | now  | false | A close SESSION_TAKEN_OVER, B opened present=true expiry=60
            60       | 0     | now  | true  | A close SESSION_TAKEN_OVER, will, ended 1
            60       | 30    | now  | true  | A close SESSION_TAKEN_OVER, will, ended 1
            60       | 30    | 29   | false | B opened present=true expiry=60
            60       | 30    | 31   | false | will, B opened present=true expiry=60
            60       | 30    | 29   | true  | will, ended 1
            60       | 30    | 59   | false | will, B opened present=true expiry=60
            60       | 30    | 60   | false | will, ended 1
            60       | none  | 60   | false | ended 1
            """)
    void resumesOrEndsWhenTheClientComesBack(String expiry, String delay, String back, boolean clean, String effects) {
        var session = session();
        var port = world.connection("A");
        session.connect(opening(Long.parseLong(expiry), delay, false), port, 0);
        session.subscribe("a/b", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
        world.take();

        var backAt = GONE_AT;
        if (!back.equals("now")) {
            session.onGone(port, Departure.LOST, GONE_AT);
            backAt += Long.parseLong(back) * 1_000;
        }
        var resumed = session.resume(opening(60, "none", clean), world.connection("B"), backAt);

        assertThat(String.join(", ", world.take())).isEqualTo(effects);
        assertThat(resumed).isEqualTo(effects.contains("present=true"));
        assertThat(session.isEnded()).isEqualTo(!resumed);
        assertThat(messages.alive()).as("will bytes that somebody holds").isZero();
    }

    private void record(List<String> seen, long second) {
        world.take().forEach(effect -> seen.add(effect + " " + second));
    }

    private Session session() {
        return new Session("client", 7, 0, () -> SessionLimits.DEFAULT, world);
    }

    private Opening opening(long expiry, String delay, boolean clean) {
        Optional<Will> will = delay.equals("none")
                ? Optional.empty()
                : Optional.of(new Will(
                        "gone",
                        Qos.AT_LEAST_ONCE,
                        false,
                        Long.parseLong(delay),
                        Will.NO_MESSAGE_EXPIRY,
                        messages.bytes()));
        return new Opening(clean, expiry, RECEIVE_MAXIMUM, RECEIVE_MAXIMUM, will);
    }

    private static Departure departure(String goes) {
        return switch (goes) {
            case "lost" -> Departure.LOST;
            case "normal" -> Departure.NORMAL;
            case "will" -> new Departure(Departure.Manner.WITH_WILL, OptionalLong.empty());
            default -> {
                var seconds = Long.parseLong(goes.substring("expiry=".length()));
                yield new Departure(Departure.Manner.WITH_WILL, OptionalLong.of(seconds));
            }
        };
    }
}
