package io.meridianmq.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.topic.TopicFilter.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicFilterTest {

    @ParameterizedTest
    @CsvSource({
        "a/b, LITERAL, 2, a/b",
        "/, LITERAL, 2, /",
        "#, PREFIX_HASH, 0, ''",
        "/#, PREFIX_HASH, 1, ''",
        "a/b/#, PREFIX_HASH, 2, a/b",
        "+, PREFIX_PLUS, 0, ''",
        "/+, PREFIX_PLUS, 1, ''",
        "a//+, PREFIX_PLUS, 2, a/",
        "+/#, OTHER, 0, ''",
        "a/+/b, OTHER, 1, a",
        "a/+/#, OTHER, 1, a",
        "$SYS/+/x, OTHER, 1, $SYS",
        "$share, LITERAL, 1, $share",
    })
    void knowsShapeAndLiteralPrefix(String text, Shape shape, int levels, String prefix) {
        var filter = TopicFilter.of(text);
        assertThat(filter.shape()).isEqualTo(shape);
        assertThat(filter.literalLevels()).isEqualTo(levels);
        assertThat(filter.literalPrefix()).isEqualTo(prefix);
        assertThat(filter.group()).isEmpty();
    }

    @ParameterizedTest // [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT3-4.7.1-2] [MQTT3-4.7.1-3]
    @ValueSource(
            strings = {"a#", "#a", "a/#b", "a/b#", "#/a", "a/#/b", "##", "a+", "+a", "a/+b/c", "++", "a/b+", "+#", "#/"
            })
    void refusesWildcardsOutOfPlace(String text) {
        assertThatThrownBy(() -> TopicFilter.of(text))
                .isInstanceOf(InvalidTopicException.class)
                .hasMessageStartingWith("topic filter \"" + text + "\" has ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0", "\ud800"})
    void refusesTextsThatNoStringMayBe(String text) {
        assertThatThrownBy(() -> TopicFilter.of(text)).isInstanceOf(InvalidTopicException.class);
    }

    @Test
    void splitsSharedFilters() {
        var filter = TopicFilter.of("$share/workers/a/b/#");
        assertThat(filter.group()).contains("workers");
        assertThat(filter.filter()).isEqualTo("a/b/#");
        assertThat(filter.text()).isEqualTo("$share/workers/a/b/#");
        assertThat(filter.shape()).isEqualTo(Shape.PREFIX_HASH);
        assertThat(filter.literalPrefix()).isEqualTo("a/b");
        assertThat(TopicFilter.of("$share/g//").filter()).isEqualTo("/");
    }

    @ParameterizedTest // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
    @ValueSource(
            strings = {
                "$share/",
                "$share//a",
                "$share/g",
                "$share/g/",
                "$share/+/a",
                "$share/#/a",
                "$share/g+/a",
                "$share/g/a#"
            })
    void refusesMalformedSharedFilters(String text) {
        assertThatThrownBy(() -> TopicFilter.of(text)).isInstanceOf(InvalidTopicException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/#, sport, true",
        "#, sport, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "#, $SYS/x, false",
        "+/monitor/Clients, $SYS/monitor/Clients, false",
        "$SYS/#, $SYS/monitor/Clients, true",
        "$SYS/monitor/+, $SYS/monitor/Clients, true",
        "$share/g/#, $SYS/x, false",
        "$share/g/a/+, a/b, true",
        "a/b, a/b, true",
        "a/b, a/B, false",
    })
    void matchesAsTheSpecificationsExamplesSay(String filter, String topic, boolean matches) {
        assertThat(TopicFilter.of(filter).matches(topic)).isEqualTo(matches);
    }

    @Test
    void isAValue() {
        assertThat(TopicFilter.of("a/+")).isEqualTo(TopicFilter.of("a/+")).hasSameHashCodeAs(TopicFilter.of("a/+"));
        assertThat(TopicFilter.of("a/+"))
                .isNotEqualTo(TopicFilter.of("$share/g/a/+"))
                .hasToString("a/+");
    }
}
