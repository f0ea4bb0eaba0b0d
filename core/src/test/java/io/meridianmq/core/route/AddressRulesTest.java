package io.meridianmq.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

    private static final Place NODE = Place.node("us-east", "a", "1");

    private final AddressRules rules = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);

    @ParameterizedTest
    @CsvSource({
        "device/us-east/a/k7/temp, us-east/a",
        "/device/us-east/a/k7, us-east/a",
        "device/us-east/a, us-east/a",
        "device/us-east, us-east",
        "device/us-east/NOT-A-ZONE/x, us-east",
        "device/Not a region/a/x, global",
        "device, global",
        "region/us-east/zone/b/x, us-east/b",
        "region/us-east/zone, us-east",
        "region/us-east/anything/b, us-east",
        "region, global",
        "plant/7/temp, global",
        "devices/us-east/a/k, global",
    })
    void aTopicAddressesThePlaceInItsLevels(String topic, String place) {
        assertThat(rules.addressOf(topic)).hasToString(place);
    }

    @ParameterizedTest
    @CsvSource({
        "device/us-east/a/#, ZONE",
        "device/us-east/a/+/temp, ZONE",
        "/device/us-east/a/k, ZONE",
        "device/us-east/b/#, REGION",
        "device/us-east/+/x, REGION",
        "device/us-east/#, REGION",
        "region/us-east/#, REGION",
        "device/eu-west/a/#, GLOBAL",
        "device/+/a/#, GLOBAL",
        "device/#, GLOBAL",
        "#, GLOBAL",
        "+/us-east/a/k, GLOBAL",
        "plant/7/temp, GLOBAL",
    })
    void aFilterIsConfinedToThePlaceItsPrefixPins(String filter, Reach reach) {
        assertThat(rules.reachOf(filter, NODE)).isEqualTo(reach);
    }

    @Test
    void whatAConfinedFilterMatchesAddressesThatPlace() {
        var tricky =
                AddressRules.of(List.of("x/foo/{region}", "x/{region}/{zone}", "y/{region}/z/{zone}", "y/{region}"));
        var seed = Long.getLong("meridian.seed", 20_261_122L);
        var random = new Random(seed);
        var levels = List.of("x", "y", "z", "foo", "us-east", "a", "", "NO");
        for (var i = 0; i < 100_000; i++) {
            var prefix = levels.get(random.nextInt(levels.size()));
            for (var more = random.nextInt(4); more > 0; more--) {
                prefix += "/" + levels.get(random.nextInt(levels.size()));
            }
            var topic = prefix;
            for (var more = random.nextInt(3); more > 0; more--) {
                topic += "/" + levels.get(random.nextInt(levels.size()));
            }
            assertThat(tricky.addressOf(prefix).contains(tricky.addressOf(topic)))
                    .as("seed %d: %s is below %s", seed, topic, prefix)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{region}/x", "a/{zone}/{region}", "a/{region}/{region}", "a/+/{region}", "a/b", "a/{zone}"})
    void refusesTemplatesThatCannotWork(String template) {
        assertThatThrownBy(() -> AddressRules.of(List.of(template)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(template);
    }
}
