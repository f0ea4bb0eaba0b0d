package io.meridianmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.fabric.access.RefusedFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AclFileTest {

    private static final Client ALICE = new Client("c1", Optional.of("alice"));
    private static final Client BOB = new Client("c2", Optional.of("bob the builder"));
    private static final Client NOBODY = new Client("c3", Optional.empty());

    @Test
    void readsRulesForEverybodyForUsersAndForClientsWithoutOne() throws Exception {
        var acl = parse("""
                # Rules of the plant.
                everybody
                allow subscribe news/#

                user alice
                  allow both      home/alice/#
                \tdeny  subscribe\thome/alice/secret
                user bob the builder
                allow publish tools/a hammer
                anonymous
                allow publish guests
                user alice
                allow publish more
                default deny
                """);
        assertThat(acl.mayPublish(ALICE, "home/alice/x")).isTrue();
        assertThat(acl.mayPublish(ALICE, "home/alice/secret")).isTrue();
        assertThat(acl.mayPublish(ALICE, "more")).isTrue();
        assertThat(acl.mayPublish(ALICE, "news/x")).isFalse();
        assertThat(acl.mayPublish(ALICE, "guests")).isFalse();
        assertThat(acl.mayPublish(BOB, "tools/a hammer")).isTrue();
        assertThat(acl.mayPublish(BOB, "home/alice/x")).isFalse();
        assertThat(acl.mayPublish(NOBODY, "guests")).isTrue();
        assertThat(acl.isOpen()).isFalse();
    }

    @Test
    void deniesWhatNoRuleAllowsUnlessItSaysOtherwise() throws Exception {
        assertThat(parse("").mayPublish(ALICE, "x")).isFalse();
        assertThat(parse("default deny").mayPublish(ALICE, "x")).isFalse();
        assertThat(parse("default allow").mayPublish(ALICE, "x")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow publish a | 2: nothing says whom this rule is for",
                "everybodi | 2: \"everybodi\" is none of everybody, anonymous, user, allow, deny, default: did you mean \"everybody\"?",
                "topic readwrite a/# | 2: \"topic\" is how Mosquitto begins a rule: write allow or deny",
                "pattern read %c/# | 2: \"pattern\" is how Mosquitto begins a rule",
                "user | 2: the line ends too early: write the user's name",
                "allow read a | 2: \"read\" is none of publish, subscribe, both",
                "allow subscibe a | did you mean \"subscribe\"?",
                "allow both | 2: the line ends too early",
                "allow | 2: \"\" is none of publish, subscribe, both",
                "allow both a+ | 2: topic filter \"a+\" has + at character 1",
                "allow both a/%c+ | has + at character 3",
                "allow both a/#/b | must be the last level",
                "allow both a/%d | 2: the filter has a % that is not %c",
                "allow both a/% | 2: the filter has a % that is not %c",
                "allow both $share/g/a | 2: a rule is about what is behind $share/GROUP/",
                "default maybe | 2: \"maybe\" is none of allow, deny",
                "default allow deny | 2: \"deny\" is too much on this line",
                "anonymous clients | 2: \"clients\" is too much on this line",
            })
    void refusesAFileWithTheLineAndWhatWasMeant(String line, String problem) {
        assertThatThrownBy(() -> parse("# first\n" + line))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("rules.acl:")
                .hasMessageContaining(problem);
    }

    @Test
    void wantsTheDefaultAtTheEnd() {
        assertThatThrownBy(() -> parse("default allow\n\neverybody\n"))
                .hasMessage("rules.acl:3: nothing may come behind default: move it to the end");
    }

    static Acl parse(String text) throws RefusedFileException {
        return AclFile.parse(Path.of("rules.acl"), text.lines().toList());
    }
}
