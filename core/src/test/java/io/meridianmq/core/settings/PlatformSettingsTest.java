package io.meridianmq.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.place.Place;
import io.meridianmq.topic.InvalidTopicException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlatformSettingsTest {

    private static final Place US = Place.region("us-east");
    private static final Place EU = Place.region("eu-west");
    private static final Place AP = Place.region("ap-south");

    @Test
    void changesLeaveTheOriginalAsItIs() {
        var before = PlatformSettings.of(3, Map.of("a", "1"), List.of(GlobalTopic.everywhere("plant/#")));
        var after = before.with("a", Optional.of("2"))
                .with("b", Optional.of("3"))
                .with(GlobalTopic.everywhere("site/+"))
                .withoutTopic("plant/#")
                .at(4);

        assertThat(before.values()).containsExactly(Map.entry("a", "1"));
        assertThat(before.topics()).containsOnlyKeys("plant/#");
        assertThat(after.version()).isEqualTo(4);
        assertThat(after.values()).containsExactly(Map.entry("a", "2"), Map.entry("b", "3"));
        assertThat(after.topics()).containsOnlyKeys("site/+");
        assertThat(after.with("b", Optional.empty()).value("b")).isEmpty();
    }

    @Test
    void thereAreFewerThanAThousandGlobalTopics() {
        var most = IntStream.range(0, PlatformSettings.TOPICS_MAX)
                .mapToObj(number -> GlobalTopic.everywhere("topic/" + number))
                .toList();
        var full = PlatformSettings.of(1, Map.of(), most);
        assertThat(full.topics()).hasSize(999);
        assertThatThrownBy(() -> full.with(GlobalTopic.everywhere("one/more")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1000 global topics are too many: at most 999 are allowed");
    }

    @Test
    void whatCannotBeAGlobalTopicIsRefused() {
        assertThatThrownBy(() -> GlobalTopic.everywhere("plant/#/temp")).isInstanceOf(InvalidTopicException.class);
        assertThatThrownBy(() -> GlobalTopic.everywhere("$share/g/plant"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write the topic filter behind the share name");
        assertThatThrownBy(() -> GlobalTopic.everywhere("x".repeat(257)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 256");
        assertThatThrownBy(() -> new GlobalTopic("a", regions(Place.zone("us-east", "a")), regions()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from: \"us-east/a\" is not a region");
    }

    @Test
    void everythingCrossesUnlessOnlyListedTopicsDo() {
        assertThat(CrossRegion.of(PlatformSettings.NONE).isOpen()).isTrue();
        var open = CrossRegion.of(
                PlatformSettings.of(1, Map.of(CrossRegion.KEY, "interest"), List.of(GlobalTopic.everywhere("a"))));
        assertThat(open.isOpen()).isTrue();
        assertThat(open.ask("b", US, EU)).isEqualTo(CrossRegion.Verdict.ALLOWED);
    }

    @Test
    void aListedTopicCrossesInItsDirectionOnly() {
        var listed = CrossRegion.of(PlatformSettings.of(
                1,
                Map.of(CrossRegion.KEY, CrossRegion.LISTED),
                List.of(
                        GlobalTopic.everywhere("plant/+/temp"),
                        new GlobalTopic("alarm/#", regions(US), regions()),
                        new GlobalTopic("order/#", regions(), regions(EU)))));

        assertThat(listed.isOpen()).isFalse();
        assertThat(listed.ask("plant/7/temp", US, EU)).isEqualTo(CrossRegion.Verdict.ALLOWED);
        assertThat(listed.ask("plant/7/hum", US, EU)).isEqualTo(CrossRegion.Verdict.NOT_LISTED);
        assertThat(listed.ask("alarm/fire", US, AP)).isEqualTo(CrossRegion.Verdict.ALLOWED);
        assertThat(listed.ask("alarm/fire", EU, US)).isEqualTo(CrossRegion.Verdict.WRONG_WAY);
        assertThat(listed.ask("order/1", US, EU)).isEqualTo(CrossRegion.Verdict.ALLOWED);
        assertThat(listed.ask("order/1", EU, AP)).isEqualTo(CrossRegion.Verdict.WRONG_WAY);
    }

    @Test
    void oneOfSeveralMatchingTopicsIsEnough() {
        var listed = CrossRegion.of(PlatformSettings.of(
                1,
                Map.of(CrossRegion.KEY, CrossRegion.LISTED),
                List.of(new GlobalTopic("a/#", regions(EU), regions()), GlobalTopic.everywhere("a/+"))));
        assertThat(listed.ask("a/b", US, EU)).isEqualTo(CrossRegion.Verdict.ALLOWED);
    }

    @Test
    void aModeOfALaterVersionIsTakenForTheStricterOne() {
        var unknown = CrossRegion.of(PlatformSettings.of(1, Map.of(CrossRegion.KEY, "by-contract"), List.of()));
        assertThat(unknown.ask("a", US, EU)).isEqualTo(CrossRegion.Verdict.NOT_LISTED);
    }

    private static SortedSet<Place> regions(Place... places) {
        return new TreeSet<>(Stream.of(places).toList());
    }
}
