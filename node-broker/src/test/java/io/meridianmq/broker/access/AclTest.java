package io.meridianmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AclTest {

    private static final long SEED = 20_261_122L;
    private static final List<Rule.Action> ACTIONS = List.of(Rule.Action.values());
    private static final Client ALICE = new Client("meter-7", Optional.of("alice"));

    @Test
    void denialsWinWhereverTheyStand() throws Exception {
        for (var rules : List.of("allow both a/#\ndeny both a/b", "deny both a/b\nallow both a/#")) {
            var acl = AclFileTest.parse("everybody\n" + rules);
            assertThat(acl.mayPublish(ALICE, "a/c")).isTrue();
            assertThat(acl.mayPublish(ALICE, "a/b")).isFalse();
        }
        var forUser = AclFileTest.parse("user alice\nallow both a/#\neverybody\ndeny publish a/b\ndefault allow");
        assertThat(forUser.mayPublish(ALICE, "a/b")).isFalse();
        assertThat(forUser.maySubscribe(ALICE, TopicFilter.of("a/b"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, true",
        "a/+, true",
        "a/#, true", // Also a itself.
        "$share/g/a/b, true",
        "a/+/b, true",
        "#, false", // No rule allows all of it.
        "+/b, false",
        "b, false",
        "x/y, true",
        "x/+, false", // Two rules together allow no more than each of them.
        "s/a, true",
        "s/+, false", // s/secret is denied.
        "s/#, false",
        "s/secret/x, true",
    })
    void allowsASubscriptionIfOneRuleAllowsAllOfItAndNoneDeniesAnyOfIt(String filter, boolean isAllowed)
            throws Exception {
        var acl = AclFileTest.parse("""
                everybody
                allow subscribe a/#
                allow subscribe x/y
                allow subscribe x/z
                allow subscribe s/#
                deny subscribe s/secret
                """);
        assertThat(acl.maySubscribe(ALICE, TopicFilter.of(filter))).isEqualTo(isAllowed);
    }

    @Test
    void putsTheClientIdentifierAndTheUserNameIn() throws Exception {
        var acl = AclFileTest.parse("everybody\nallow both dev/%c/#\nallow both u-%u/100%%/x");
        assertThat(acl.mayPublish(ALICE, "dev/meter-7/x")).isTrue();
        assertThat(acl.mayPublish(ALICE, "dev/meter-8/x")).isFalse();
        assertThat(acl.mayPublish(ALICE, "u-alice/100%/x")).isTrue();
        assertThat(acl.mayPublish(new Client("meter-7", Optional.empty()), "u-/100%/x"))
                .isFalse();
        assertThat(acl.maySubscribe(ALICE, TopicFilter.of("dev/+/x"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/b", "a+", "/", "", "$SYS", "a/#"})
    void neverLetsAValueWidenARule(String value) throws Exception {
        var acl =
                AclFileTest.parse("everybody\nallow both %c/#\nallow both dev/%c/#\nallow both u/%u/x\nallow both ok");
        for (var client : List.of(new Client(value, Optional.of("u")), new Client("c", Optional.of(value)))) {
            assertThat(acl.mayPublish(client, "ok")).isTrue();
        }
        var byId = new Client(value, Optional.empty());
        assertThat(acl.mayPublish(byId, "dev/a/b/x")).isFalse();
        assertThat(acl.mayPublish(byId, "other")).isFalse();
        assertThat(acl.mayPublish(byId, "$SYS/x")).isFalse();
        assertThat(acl.maySubscribe(byId, TopicFilter.of("dev/+/#"))).isFalse();
        assertThat(acl.maySubscribe(byId, TopicFilter.of("#"))).isFalse();
        assertThat(acl.mayPublish(new Client("c", Optional.of(value)), "u/a/x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/b", "a+", ""})
    void neverLetsAValueNarrowADenial(String value) throws Exception {
        var acl = AclFileTest.parse("everybody\ndeny both audit/%c/x\ndeny publish u/%u\ndefault allow");
        var odd = new Client(value, Optional.of("u"));
        assertThat(acl.mayPublish(odd, "audit/a/b")).isFalse();
        assertThat(acl.mayPublish(odd, "audit")).isFalse();
        assertThat(acl.mayPublish(odd, "other")).isTrue();
        assertThat(acl.mayPublish(odd, "u/u")).isFalse();
        assertThat(acl.mayPublish(new Client("c", Optional.empty()), "u/u"))
                .as("it is about users")
                .isTrue();
        assertThat(acl.mayPublish(ALICE, "audit/a/b")).isTrue();
        assertThat(acl.mayPublish(ALICE, "audit/meter-7/x")).isFalse();
    }

    /** Tries 3,000 seeds, or the one of {@code -Dmeridian.seed}. */
    @Test
    void noSubscriptionLetsATopicThroughThatWouldBeDenied() {
        var chosen = Long.getLong("meridian.seed");
        if (chosen != null) {
            tryOut(chosen);
            return;
        }
        var granted =
                LongStream.range(SEED, SEED + 3_000).mapToInt(AclTest::tryOut).sum();
        assertThat(granted).as("subscriptions that were granted").isGreaterThan(1_000);
    }

    /** Random rules, filters and topics, against a naive model of one topic. */
    private static int tryOut(long seed) {
        var random = new Random(seed);
        var lines = IntStream.range(0, 1 + random.nextInt(6))
                .mapToObj(_ ->
                        new Line(random.nextInt(3) > 0, ACTIONS.get(random.nextInt(ACTIONS.size())), filter(random)))
                .toList();
        var byDefault = random.nextInt(4) == 0;
        var acl = new Acl(lines.stream().map(Line::rule).toList(), List.of(), new HashMap<>(), byDefault);
        var granted = 0;
        for (var i = 0; i < 20; i++) {
            var filter = TopicFilter.of(filter(random));
            var isGranted = acl.maySubscribe(ALICE, filter);
            granted += isGranted ? 1 : 0;
            for (var j = 0; j < 20; j++) {
                var topic = topic(random);
                var as = "seed %s, rules %s, default %s, filter %s, topic %s"
                        .formatted(seed, lines, byDefault, filter, topic);
                assertThat(acl.mayPublish(ALICE, topic))
                        .as(as)
                        .isEqualTo(model(lines, byDefault, Rule.Action.PUBLISH, topic));
                if (isGranted && filter.matches(topic)) {
                    assertThat(model(lines, byDefault, Rule.Action.SUBSCRIBE, topic))
                            .as(as)
                            .isTrue();
                    assertThat(acl.maySubscribe(ALICE, TopicFilter.of(topic)))
                            .as(as)
                            .isTrue();
                }
            }
        }
        return granted;
    }

    private record Line(boolean allows, Rule.Action action, String filter) {
        Rule rule() {
            return new Rule(allows, action, RuleFilter.parse(filter));
        }
    }

    private static boolean model(List<Line> lines, boolean byDefault, Rule.Action wanted, String topic) {
        var about = lines.stream()
                .filter(line -> line.rule().action().isAbout(wanted))
                .filter(line -> TopicFilter.of(line.filter()).matches(topic))
                .map(Line::allows)
                .toList();
        return !about.contains(false) && (byDefault || about.contains(true));
    }

    private static String filter(Random random) {
        var levels = new ArrayList<String>();
        for (var i = 0; i <= random.nextInt(3); i++) {
            levels.add(word(random, random.nextInt(3) == 0 ? "+" : ""));
        }
        if (random.nextInt(3) == 0) {
            levels.add("#");
        }
        return String.join("/", levels);
    }

    private static String topic(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(_ -> word(random, ""))
                .collect(Collectors.joining("/"));
    }

    private static String word(Random random, String orElse) {
        return orElse.isEmpty() ? List.of("a", "b", "$x").get(random.nextInt(3)) : orElse;
    }
}
