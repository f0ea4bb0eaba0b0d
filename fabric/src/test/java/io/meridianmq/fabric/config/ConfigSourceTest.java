package io.meridianmq.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meridianmq.core.place.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {

    private static final HostPort LOOPBACK = new HostPort("127.0.0.1", 7000);
    private static final TlsConfig NO_TLS = new TlsConfig(false, Optional.empty());

    @TempDir
    Path folder;

    @Test
    void readsEveryTypeAndSaysWhereItCameFrom() {
        var source = load(
                """
                place: us-east/a/1
                link:
                  bind: 127.0.0.1:7100
                  window: 64KB
                  linger: 10ms
                  share: 0.25
                sync: group-commit
                listeners:
                  - bind: 127.0.0.1:1883
                  - bind: 127.0.0.1:1884
                    tls: true
                names: [a, "b c", 3]
                users:
                  alice: {password: sesame}
                """, Map.of("MERIDIAN_LINK_LINGER", "5s", "MERIDIAN_LISTENERS_1_BIND", "127.0.0.1:9", "PATH", "/bin"));
        var root = source.root();
        var link = root.section("link");
        assertThat(root.place("place")).isEqualTo(Place.node("us-east", "a", "1"));
        assertThat(link.hostPort("bind")).isEqualTo(new HostPort("127.0.0.1", 7100));
        assertThat(link.bytes("window", 1, 0, 1 << 20)).isEqualTo(65_536);
        assertThat(link.duration("linger", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(link.number("share", 1, 0, 1)).isEqualTo(0.25);
        assertThat(link.integer("streams", 4, 1, 16)).isEqualTo(4);
        assertThat(root.choice("sync", Sync.ALWAYS)).isEqualTo(Sync.GROUP_COMMIT);
        assertThat(root.durationOrNever("expire")).isEmpty();
        assertThat(root.sections("listeners"))
                .extracting(listener -> listener.hostPort("bind").port() + ":" + listener.bool("tls", false))
                .containsExactly("1883:false", "9:true");
        assertThat(root.strings("names", List.of())).containsExactly("a", "b c", "3");
        assertThat(root.named("users"))
                .hasEntrySatisfying(
                        "alice", user -> assertThat(user.secret("password")).isEqualTo("sesame"));
        source.finish();
        assertThat(source.describe())
                .contains(
                        "place = us-east/a/1 (" + file() + ":1:8)",
                        "link.window = 64KB (" + file() + ":4:11)",
                        "link.linger = 5s (MERIDIAN_LINK_LINGER)",
                        "link.streams = 4 (default)",
                        "listeners[1].bind = 127.0.0.1:9 (MERIDIAN_LISTENERS_1_BIND)",
                        "names = [a, b c, 3] (" + file() + ":12:8)",
                        "users.alice.password = (hidden) (" + file() + ":14:21)");
    }

    @Test
    void namesEveryProblemAtOnceWithItsPlaceAndTheFix() {
        var source = load("""
                link:
                  bnd: 127.0.0.1:7100
                  insecure: yes
                  streams: 99
                broker: 1
                window: 64XB
                """, Map.of("MERIDIAN_LINK_BIMD", "x", "MERIDIAN_LINK_ADVERTISE", "nowhere"));
        LinkConfig.readUnused(source.root().section("link"), LOOPBACK, NO_TLS);
        source.root().section("link").integer("streams", 4, 1, 16);
        source.root().bytes("window", 1, 0, 10);
        source.root().place("place");
        assertThat(problemsOf(source))
                .containsExactly(
                        file() + ":2:3: unknown key \"link.bnd\": did you mean \"link.bind\"?",
                        file() + ":3:13: link.insecure: \"yes\" is neither true nor false",
                        file() + ":4:12: link.streams: \"99\" is not between 1 and 16",
                        file() + ":5:1: unknown key \"broker\": expected one of link, place, window",
                        file() + ":6:9: window: \"64XB\" is not a size: write a whole number with B, KB, MB, GB or TB",
                        file() + ": place is missing: add it, or set MERIDIAN_PLACE",
                        "MERIDIAN_LINK_ADVERTISE: link.advertise: \"nowhere\" is not an address: write host:port with a"
                                + " port of at most 65535, for example 127.0.0.1:1883",
                        "MERIDIAN_LINK_BIMD: no configuration key belongs to this environment variable: did you mean"
                                + " MERIDIAN_LINK_BIND?");
    }

    @Test
    void pointsToTheSectionWhereAMisplacedKeyBelongs() {
        var source = load("advertise: 127.0.0.1:1\n", Map.of());
        LinkConfig.readUnused(source.root().section("link"), LOOPBACK, NO_TLS);
        assertThat(problemsOf(source))
                .containsExactly(file() + ":1:1: unknown key \"advertise\": did you mean \"link.advertise\"?");
    }

    @Test
    void reportsValuesOfTheWrongShape() {
        var source = load("""
                link: 5
                window:
                  a: 1
                names:
                  - [1]
                place:
                """, Map.of());
        source.root().section("link").integer("streams", 4, 1, 16);
        source.root().integer("window", 1, 0, 10);
        source.root().strings("names", List.of());
        source.root().place("place", Place.GLOBAL);
        assertThat(problemsOf(source))
                .containsExactly(
                        file() + ":1:7: link: expected keys below it, found a single value",
                        file() + ":3:3: window: expected a single value, found a section with keys of its own",
                        file() + ":5:5: names: expected single values in the list, found a list",
                        file() + ":6:7: place: expected a single value, found nothing");
    }

    @Test
    void refusesDuplicateKeys() {
        var source = load("a: 1\nb: 2\na: 3\n", Map.of());
        source.root().string("a");
        source.root().string("b");
        assertThat(problemsOf(source))
                .containsExactly(file() + ":3:1: duplicate key \"a\", first given at " + file() + ":1:1: keep one");
    }

    @Test
    void explainsTabs() {
        assertThatThrownBy(() -> load("a:\n\tb: 1\n", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file() + ":2:1: not valid YAML")
                .hasMessageContaining("indent with spaces");
    }

    @Test
    void refusesAnchorsSoThatAFileCannotBlowUp() {
        assertThatThrownBy(() -> load("a: &a [1]\nb: *a\n", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file() + ":1:4: YAML anchors and aliases are not supported: write the value out");
    }

    @Test
    void refusesDeepNesting() {
        assertThatThrownBy(() -> load("[".repeat(60) + "]".repeat(60), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nested deeper than 32 levels");
    }

    @Test
    void namesAMissingFile() {
        var missing = folder.resolve("no.yaml");
        assertThatThrownBy(() -> ConfigSource.load(missing, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(missing + ": no such file");
    }

    @Test
    void anEmptyFileIsAllDefaults() {
        var source = load("# nothing\n", Map.of());
        assertThat(HttpConfig.read(source.root().section("http"), LOOPBACK).bind())
                .isEqualTo(LOOPBACK);
        source.finish();
    }

    @Test
    void theEnvironmentAloneCanConfigure() {
        var source = ConfigSource.empty(Map.of(
                "MERIDIAN_DIRECTORY_ETCD",
                "127.0.0.1:2379, 127.0.0.1:2381",
                "MERIDIAN_LISTENERS_0_BIND",
                "127.0.0.1:1",
                "MERIDIAN_LOG_LEVEL",
                "DEBUG"));
        var directory = DirectoryConfig.read(source.root().section("directory"));
        var listeners = source.root().sections("listeners");
        assertThat(directory.etcd()).extracting(HostPort::port).containsExactly(2379, 2381);
        assertThat(directory.standalone()).isFalse();
        assertThat(listeners).hasSize(1);
        assertThat(listeners.getFirst().hostPort("bind")).isEqualTo(new HostPort("127.0.0.1", 1));
        source.finish();
    }

    @Test
    void linksWithoutEncryptionStayOnThisMachineAndOnlyIfAskedFor() {
        assertThat(linkProblems("link: {bind: 127.0.0.1:7000}\n"))
                .singleElement()
                .asString()
                .startsWith(file() + ":1:14: link.bind is 127.0.0.1:7000")
                .contains("give tls", "link.insecure: true");
        assertThat(linkProblems("link: {bind: 10.0.0.1:7000, insecure: true}\n"))
                .singleElement()
                .asString()
                .startsWith(file() + ":1:14: link.bind is 10.0.0.1:7000")
                .contains("other machines", "give tls");
        assertThat(linkProblems("link: {bind: 127.0.0.1:7000, advertise: 10.0.0.1:7000, insecure: true}\n"))
                .singleElement()
                .asString()
                .contains("link.advertise is 10.0.0.1:7000", "other machines");

        var allowed = load("link: {bind: 127.0.0.1:7000, insecure: true}\n", Map.of());
        assertThat(LinkConfig.read(allowed.root().section("link"), LOOPBACK, NO_TLS)
                        .tls())
                .isEmpty();
        allowed.finish();
    }

    @Test
    void refusesToAdvertiseAnAddressNobodyCanReach() {
        var source = load("link: {bind: 0.0.0.0:7000}\n", Map.of());
        LinkConfig.readUnused(source.root().section("link"), LOOPBACK, NO_TLS);
        assertThat(problemsOf(source)).singleElement().asString().contains("link.advertise is 0.0.0.0:7000");
    }

    @Test
    void isReachedFromBeyondAsFromItsHomeUnlessToldOtherwise() {
        var alike = load("link: {bind: 127.0.0.1:7000}\n", Map.of());
        var link = LinkConfig.readUnused(alike.root().section("link"), LOOPBACK, NO_TLS);
        assertThat(link.withBeyond(alike.root().section("link")).advertiseBeyond())
                .hasToString("127.0.0.1:7000");
        alike.finish();

        var apart = load("link: {bind: 127.0.0.1:7000, advertise-beyond: 127.0.0.1:7001}\n", Map.of());
        var home = LinkConfig.readUnused(apart.root().section("link"), LOOPBACK, NO_TLS);
        var both = home.withBeyond(apart.root().section("link"));
        assertThat(both.advertise()).hasToString("127.0.0.1:7000");
        assertThat(both.advertiseBeyond()).hasToString("127.0.0.1:7001");
        apart.finish();
    }

    private List<String> linkProblems(String yaml) {
        var source = load(yaml, Map.of());
        LinkConfig.read(source.root().section("link"), LOOPBACK, NO_TLS);
        return problemsOf(source);
    }

    private List<String> problemsOf(ConfigSource source) {
        var thrown = catchThrowableOfType(ConfigException.class, source::finish);
        assertThat(thrown).isNotNull();
        return thrown.problems();
    }

    private ConfigSource load(String yaml, Map<String, String> environment) {
        try {
            Files.writeString(file(), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConfigSource.load(file(), environment);
    }

    private Path file() {
        return folder.resolve("broker.yaml");
    }

    private enum Sync {
        GROUP_COMMIT,
        ALWAYS
    }
}
