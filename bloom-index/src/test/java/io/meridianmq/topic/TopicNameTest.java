package io.meridianmq.topic;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "/",
                "//",
                "a/b",
                "/a/",
                " ",
                "$SYS/x",
                "$share/g/x",
                "\u6e29\u5ea6/\ud83d\ude00",
                "a\u0001b"
            })
    void acceptsAnyCharactersButWildcardsAndNull(String topic) {
        assertThatCode(() -> TopicName.check(topic)).doesNotThrowAnyException();
    }

    @Test // [MQTT-4.7.3-1] [MQTT3-4.7.3-1]
    void refusesTheEmptyName() {
        assertThatThrownBy(() -> TopicName.check(""))
                .isInstanceOf(InvalidTopicException.class)
                .hasMessage("topic name is empty: it needs at least one character");
    }

    @Test // [MQTT-4.7.3-2] [MQTT3-4.7.3-2]
    void refusesTheNullCharacter() {
        assertThatThrownBy(() -> TopicName.check("ab\0c")).hasMessageContaining("U+0000 at character 2");
    }

    @ParameterizedTest // [MQTT-4.7.0-1] [MQTT3-4.7.1-1]
    @ValueSource(strings = {"+", "#", "a/+", "a/#", "a+b", "a#b"})
    void refusesWildcards(String topic) {
        assertThatThrownBy(() -> TopicName.check(topic)).hasMessageContaining("has the wildcard");
    }

    @ParameterizedTest // [MQTT-1.5.4-1]
    @ValueSource(strings = {"a\ud800", "\udc00a", "\ud800\ud800\udc00", "a\ud83d/b"})
    void refusesUnpairedSurrogates(String topic) {
        assertThatThrownBy(() -> TopicName.check(topic)).hasMessageContaining("unpaired surrogate");
    }

    @Test // [MQTT-4.7.3-3] [MQTT3-4.7.3-3]
    void countsBytesOfUtf8() {
        assertThatCode(() -> TopicName.check("a".repeat(65_535))).doesNotThrowAnyException();
        assertThatThrownBy(() -> TopicName.check("a".repeat(65_536))).hasMessageContaining("takes 65536 bytes");
        assertThatCode(() -> TopicName.check("\u6e29".repeat(21_845))).doesNotThrowAnyException();
        assertThatThrownBy(() -> TopicName.check("\u6e29".repeat(21_846))).hasMessageContaining("takes 65538 bytes");
        assertThatCode(() -> TopicName.check("\u00e9".repeat(32_767))).doesNotThrowAnyException();
        assertThatThrownBy(() -> TopicName.check("\u00e9".repeat(32_768))).hasMessageContaining("takes 65536 bytes");
        assertThatCode(() -> TopicName.check("\ud83d\ude00".repeat(16_383))).doesNotThrowAnyException();
        assertThatThrownBy(() -> TopicName.check("\ud83d\ude00".repeat(16_384)))
                .hasMessageContaining("takes 65536 bytes");
    }

    @Test
    void theRecordIsChecked() {
        assertThatThrownBy(() -> new TopicName("a/#")).isInstanceOf(InvalidTopicException.class);
    }
}
