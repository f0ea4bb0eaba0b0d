package io.meridianmq.core.mesh;

import static io.meridianmq.core.mesh.ClaimZone.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.ClaimMessage.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When a will is published (MQTT 5, sections 3.1.2.5, 3.1.2.11.2, 3.1.3.2.2 and 3.14): at the earlier of the end of its
 * delay and the end of the session [MQTT-3.1.2-8] [MQTT-3.1.3-9], never after a normal DISCONNECT [MQTT-3.14.4-3], never
 * twice [MQTT-3.1.2-10]. In MQTT 3.1.1 there is no delay [MQTT3-3.1.2-8] [MQTT3-3.1.2-10] [MQTT3-3.14.4-3].
 *
 * <p>The client connects to node 1. Node 3 owns its slot, node 4 is the standby; a node that dies leaves the view after 6 s,
 * and its slots go to the standby. Sessions that outlive their connections are at home at node 3, wherever the client
 * connects; when their home is gone, the client's next connection is another session.
 */
final class WillRulesTest {

    private static final double LEASE_SECONDS = 6;
    private static final long NEVER = 0xFFFF_FFFFL;

    private final ClaimZone zone = new ClaimZone(4);
    private final List<ClaimZone.Connection> connections = new ArrayList<>();
    private double seconds;

    WillRulesTest() {
        zone.own(3, 4);
    }

    /**
     * Expiry and delay in seconds. The story, step by step: {@code lost} (the network, keep-alive, a protocol error, or
     * DISCONNECT 0x04); {@code normal} (DISCONNECT 0x00), each with {@code /N} if DISCONNECT changes the session expiry;
     * {@code wait N}; {@code here}, {@code there}: the client connects again, to the same node or another one, {@code clean}
     * or not; {@code front}, {@code owner}, {@code both die}. Then the second in which the will is published, {@code -} for
     * never, as long as the last connection stays.
     */
    @ParameterizedTest(name = "expiry {0}, delay {1}: {2}: will {3}")
    @CsvSource(delimiter = '|', textBlock = """
            # How it ends: DISCONNECT 0x00, 0x04, lost; with every order of expiry and delay.
            0          | 0  | lost                        | 0
            0          | 0  | normal                      | -
            0          | 30 | lost                        | 0
            60         | 0  | lost                        | 0
            60         | 0  | normal                      | -
            60         | 30 | lost                        | 30
            60         | 30 | normal                      | -
            60         | 60 | lost                        | 60
            60         | 90 | lost                        | 60
            4294967295 | 30 | lost                        | 30

            # DISCONNECT changes the session expiry (section 3.14.2.2.2).
            60         | 30 | lost/0                      | 0
            60         | 30 | lost/10                     | 10
            60         | 30 | lost/120                    | 30
            60         | 90 | lost/120                    | 90
            4294967295 | 5  | lost/0                      | 0
            60         | 30 | normal/0                    | -

            # The client is back before the delay has passed, and after. [MQTT-3.1.3-9]
            60         | 30 | lost wait 29 here           | -
            60         | 30 | lost wait 31 here           | 30
            60         | 30 | lost wait 29 here clean     | 29
            60         | 90 | lost wait 61 here           | 60
            60         | 30 | lost wait 29 there          | -
            60         | 30 | lost wait 29 there clean    | 29
            60         | 30 | lost wait 31 there          | 30
            60         | 30 | normal wait 5 there         | -
            60         | 30 | normal wait 5 here          | -

            # Takeover: the earlier connection is closed by the server. [MQTT-3.1.4-3]
            0          | 0  | here                        | 0
            0          | 30 | here                        | 0
            60         | 0  | here                        | 0
            60         | 30 | here                        | -
            60         | 30 | here clean                  | 0
            60         | 0  | here clean                  | 0
            0          | 0  | there                       | 0
            60         | 0  | there                       | 0
            60         | 30 | there                       | -
            60         | 30 | there clean                 | 0

            # The front dies: the connection is lost, and the session goes on.
            0          | 0  | front dies                  | 6
            60         | 30 | front dies                  | 36
            60         | 30 | lost wait 5 front dies      | 30
            60         | 30 | normal front dies           | -
            60         | 30 | front dies wait 2 there     | -
            60         | 30 | front dies wait 31 there    | 36

            # The owner dies, which is home to the session: the connection is lost, and the next one is another session.
            0          | 0  | owner dies lost             | 6
            60         | 30 | lost owner dies             | 30
            60         | 3  | lost owner dies             | 6
            60         | 30 | owner dies lost             | 36
            60         | 30 | owner dies normal           | 36
            60         | 30 | normal owner dies           | -
            60         | 30 | lost wait 5 owner dies here | 11
            60         | 0  | owner dies there            | 6

            # Both die.
            0          | 0  | both die                    | 6
            60         | 30 | lost both die               | 30
            60         | 30 | normal both die             | -
            """)
    void publishesTheWillExactlyWhenItShould(String expiry, String delay, String story, String expected) {
        var will = ClaimZone.will("gone", Long.parseLong(delay));
        connections.add(zone.node(1).connect(CLIENT, false, Long.parseLong(expiry), Optional.of(will)));
        zone.take();
        var published = new ArrayList<Double>();

        tell(story, Long.parseLong(expiry), published);
        pass(200, published);

        assertThat(published.stream().map(Math::round).map(String::valueOf))
                .containsExactlyElementsOf(expected.equals("-") ? List.of() : List.of(expected));
    }

    /** One way to go and perhaps to come back, each 20 s after the other; {@code -1} for a number that is not given. */
    record Combination(long expiry, long delay, String goes, long newExpiry, String back) {

        private static final long BACK_AFTER = 20;

        static Stream<Combination> all() {
            return Stream.of(0L, 60L, NEVER)
                    .flatMap(expiry -> Stream.of(0L, 30L, 90L).flatMap(delay -> all(expiry, delay)));
        }

        private static Stream<Combination> all(long expiry, long delay) {
            var takeovers = Stream.of("here", "here clean", "there", "there clean")
                    .map(back -> new Combination(expiry, delay, "", -1, back));
            var newExpiries = expiry == 0 ? Stream.of(-1L) : Stream.of(-1L, 0L, 10L);
            var departures = newExpiries.flatMap(newExpiry -> Stream.of("lost", "normal")
                    .flatMap(goes -> Stream.of("", "here", "here clean", "there", "there clean")
                            .map(back -> new Combination(expiry, delay, goes, newExpiry, back))));
            return Stream.concat(takeovers, departures);
        }

        String story() {
            var leaves = newExpiry < 0 ? goes : goes + "/" + newExpiry;
            var wait = goes.isEmpty() || back.isEmpty() ? "" : " wait " + BACK_AFTER + " ";
            return leaves + wait + back;
        }

        /** When the specification has the will published, in the simplest words. */
        List<Long> expected() {
            if (goes.equals("normal")) {
                return List.of();
            }
            var lives = newExpiry < 0 ? expiry : newExpiry;
            var due = Math.min(delay, lives);
            var backAt = goes.isEmpty() ? 0 : back.isEmpty() ? NEVER : BACK_AFTER;
            if (due <= backAt) {
                return List.of(due);
            }
            return back.isEmpty() ? List.of(due) : back.endsWith("clean") || lives == 0 ? List.of(backAt) : List.of();
        }
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void publishesTheWillAsTheSpecificationSaysInEveryCombination(Combination combination) {
        var will = ClaimZone.will("gone", combination.delay);
        connections.add(zone.node(1).connect(CLIENT, false, combination.expiry, Optional.of(will)));
        zone.take();
        var published = new ArrayList<Double>();

        tell(combination.story(), combination.expiry, published);
        pass(95, published);

        assertThat(published.stream().map(Math::round))
                .as(combination.story())
                .containsExactlyElementsOf(combination.expected());
    }

    static Stream<Combination> combinations() {
        return Combination.all();
    }

    @Test
    void publishesBeforeTheNextConnectionIsGranted() {
        zone.node(1).connect(CLIENT, true, 0, Optional.of(ClaimZone.will("first", 0)));
        zone.take();

        zone.node(1).connect(CLIENT, true, 0, Optional.empty());

        assertThat(zone.take())
                .containsSubsequence("1: client expelled TAKEN_OVER, session ends", "1: client opens")
                .contains("3: will of client first");
    }

    @Test
    void doesNotTakeALateGoodbyeForALoss() {
        var connection = zone.node(1).connect(CLIENT, true, 0, Optional.of(ClaimZone.will("gone", 0)));
        zone.take();
        zone.arrives = (from, _) -> from != 1;
        connection.close(Ending.NORMAL);
        zone.node(2).connect(CLIENT, true, 0, Optional.empty());
        zone.arrives = (_, _) -> true;
        zone.pass(15);

        assertThat(zone.take()).containsExactly("2: client opens");
    }

    @Test
    void doesNotWaitForASickFrontForLongerThanItsClientsDo() {
        zone.node(1).connect(CLIENT, true, 0, Optional.of(ClaimZone.will("gone", 0)));
        zone.take();
        zone.arrives = (from, to) -> from != 1 && to != 1;
        zone.node(2).connect(CLIENT, true, 0, Optional.empty());
        assertThat(zone.take()).containsExactly("2: client opens");
        zone.pass(11);

        assertThat(zone.take()).contains("3: will of client gone");
    }

    @Test
    void publishesAgainWithTheSameIdentityWhatAnotherOwnerBegan() {
        zone.node(3).refusesWills = true;
        zone.node(1)
                .connect(CLIENT, true, 0, Optional.of(ClaimZone.will("gone", 0)))
                .close(Ending.LOST);
        assertThat(zone.take()).containsExactly("1: client opens");

        zone.kill(3);
        zone.own(4);

        assertThat(zone.take()).containsExactly("4: will of client gone");
        zone.pass(5);
        assertThat(zone.take()).isEmpty();
    }

    @Test
    void triesAgainWhenThereIsNoRoom() {
        zone.node(3).refusesWills = true;
        zone.node(1)
                .connect(CLIENT, true, 0, Optional.of(ClaimZone.will("gone", 0)))
                .close(Ending.LOST);
        zone.take();
        zone.pass(3);
        zone.node(3).refusesWills = false;
        zone.pass(1.1);

        assertThat(zone.take()).containsExactly("3: will of client gone");
        assertThat(zone.node(3).claims.figures().owner().willsWaiting()).isZero();
    }

    private void tell(String story, long expiry, List<Double> published) {
        var words = story.replace("here clean", "here-clean")
                .replace("there clean", "there-clean")
                .split(" ", -1);
        for (var i = 0; i < words.length; i++) {
            var word = words[i];
            switch (word) {
                case "wait" -> {
                    i++;
                    pass(Double.parseDouble(words[i]), published);
                }
                case "here", "here-clean" -> connect(1, word.endsWith("clean"), expiry);
                case "there", "there-clean" -> connect(2, word.endsWith("clean"), expiry);
                case "front", "owner", "both" -> {
                    i++;
                    die(word, published);
                }
                default -> leave(word, expiry);
            }
            note(published);
        }
    }

    private void connect(int node, boolean clean, long expiry) {
        connections.add(zone.node(node).connect(CLIENT, clean, expiry, Optional.empty()));
    }

    private void leave(String word, long expiry) {
        var slash = word.indexOf('/');
        var manner = slash < 0 ? word : word.substring(0, slash);
        var newExpiry = slash < 0 ? expiry : Long.parseLong(word.substring(slash + 1));
        connections.getLast().close(manner.equals("normal") ? Ending.NORMAL : Ending.LOST, newExpiry);
    }

    private void die(String who, List<Double> published) {
        if (!who.equals("owner")) {
            zone.kill(1);
        }
        if (!who.equals("front")) {
            zone.kill(3);
        }
        pass(LEASE_SECONDS, published);
        zone.showView();
        if (!who.equals("front")) {
            zone.own(4);
        }
    }

    private void pass(double time, List<Double> published) {
        for (var passed = 0.0; passed < time; passed += 0.5) {
            zone.pass(0.5);
            seconds += 0.5;
            note(published);
        }
    }

    private void note(List<Double> published) {
        zone.take().stream().filter(event -> event.contains("will of")).forEach(_ -> published.add(seconds));
    }
}
