package io.meridianmq.fabric.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTextTest {

    @Test
    void objectsAndArraysNestWithCommasBetweenTheirValues() {
        var json = new JsonText()
                .object()
                .name("empty")
                .array()
                .endArray()
                .name("numbers")
                .array()
                .value(1)
                .value(-2)
                .endArray()
                .name("inner")
                .object()
                .name("yes")
                .value(true)
                .endObject()
                .name("text")
                .value("a")
                .endObject();

        assertThat(json).hasToString("{\"empty\":[],\"numbers\":[1,-2],\"inner\":{\"yes\":true},\"text\":\"a\"}");
    }

    @Test
    void textCannotLeaveItsQuotes() {
        var json = new JsonText().value("\"</script>\\\n\u0000\ud83d é");

        assertThat(json).hasToString("\"\\\"</script>\\\\\\u000a\\u0000\\ud83d é\"");
    }

    @Test
    void numbersAreRoundedToOneDigitBehindThePoint() {
        var json = new JsonText()
                .array()
                .rounded(2)
                .rounded(2.04)
                .rounded(-2.06)
                .rounded(1_234_567.89)
                .rounded(1e18)
                .rounded(Double.NaN)
                .rounded(Double.POSITIVE_INFINITY)
                .endArray();

        assertThat(json).hasToString("[2,2.0,-2.1,1234567.9,1.0E18,null,null]");
    }
}
