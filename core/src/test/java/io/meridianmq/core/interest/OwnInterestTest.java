package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OwnInterestTest {

    private static final InterestKey KEY = new InterestKey(Place.node("r", "z", "1"), 5);

    private final OwnInterest own = new OwnInterest(KEY);

    @Test
    void countsSubscriptionsOfOneFilterAsOneEntry() {
        var filter = TopicFilter.of("a/b");
        own.add(filter, Reach.GLOBAL);
        var version = own.version();
        own.add(filter, Reach.GLOBAL);
        own.remove(filter, Reach.GLOBAL);
        assertThat(own.version()).isEqualTo(version);
        assertThat(own.size()).isEqualTo(1);
        own.remove(filter, Reach.GLOBAL);
        assertThat(own.version()).isEqualTo(version + 1);
        assertThat(own.size()).isZero();
        assertThat(own.checksum()).isZero();
    }

    @Test
    void refusesToRemoveWhatWasNotAdded() {
        own.add(TopicFilter.of("a/#"), Reach.ZONE);
        assertThatThrownBy(() -> own.remove(TopicFilter.of("a/#"), Reach.GLOBAL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a/# is removed more often than added with reach GLOBAL");
        assertThatThrownBy(() -> own.remove(TopicFilter.of("a"), Reach.ZONE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> own.add(TopicFilter.of("a"), Reach.NODE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void checksumDoesNotDependOnTheOrderOfChanges() {
        var filters = new ArrayList<>(List.of("a", "a/#", "a/+", "+/b", "#", "a/b/c", "x/+/#"));
        filters.forEach(filter -> own.add(TopicFilter.of(filter), Reach.REGION));
        var seed = Seeds.orElse(3);
        Collections.shuffle(filters, new Random(seed));
        var other = new OwnInterest(KEY);
        other.add(TopicFilter.of("gone/+"), Reach.ZONE);
        filters.forEach(filter -> other.add(TopicFilter.of(filter), Reach.REGION));
        other.remove(TopicFilter.of("gone/+"), Reach.ZONE);
        assertThat(other.checksum()).as(Seeds.message(seed)).isEqualTo(own.checksum());
    }

    @Test
    void checksumTellsReachesAndPresencesApart() {
        own.add(TopicFilter.of("a"), Reach.ZONE);
        var other = new OwnInterest(KEY);
        other.add(TopicFilter.of("a"), Reach.REGION);
        assertThat(other.checksum()).isNotEqualTo(own.checksum());
        var online = new OwnInterest(KEY);
        online.join(TopicFilter.of("$share/g/a"), true);
        var offline = new OwnInterest(KEY);
        offline.join(TopicFilter.of("$share/g/a"), false);
        assertThat(online.checksum()).isNotEqualTo(offline.checksum());
    }

    @Test
    void groupIsOnlineWhileAnyMemberIs() {
        var shared = TopicFilter.of("$share/g/a/+");
        own.join(shared, false);
        own.join(shared, true);
        own.join(shared, true);
        own.leave(shared, true);
        assertThat(onlineStates()).containsExactly(true);
        own.leave(shared, true);
        assertThat(onlineStates()).containsExactly(false);
        own.leave(shared, false);
        assertThat(onlineStates()).isEmpty();
        assertThat(own.checksum()).isZero();
        assertThatThrownBy(() -> own.leave(shared, false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deltaTellsOnlyWhatBecameOfEachEntry() {
        own.add(TopicFilter.of("stays"), Reach.GLOBAL);
        var from = own.version();
        own.add(TopicFilter.of("comes/and/goes"), Reach.GLOBAL);
        own.add(TopicFilter.of("new/#"), Reach.ZONE);
        own.remove(TopicFilter.of("comes/and/goes"), Reach.GLOBAL);
        own.remove(TopicFilter.of("stays"), Reach.GLOBAL);
        own.add(TopicFilter.of("stays"), Reach.GLOBAL);
        var delta = own.deltaAfter(from);
        assertThat(delta.toVersion()).isEqualTo(own.version());
        assertThat(delta.added().size()).isEqualTo(2);
        assertThat(delta.removed().size()).isEqualTo(1);
        assertThat(delta.added().wildcards())
                .singleElement()
                .satisfies(wildcard -> assertThat(wildcard.filter()).isEqualTo("new/#"));
    }

    @Test
    void forgetsChangesBeyondTheLimitOfTheLog() {
        for (var i = 0; i < ChangeLog.CHANGES_MAX; i++) {
            own.addLiteral(i, Reach.GLOBAL);
        }
        assertThat(own.reaches(OwnInterest.FIRST_VERSION)).isTrue();
        own.addLiteral(-1, Reach.GLOBAL);
        assertThat(own.reaches(OwnInterest.FIRST_VERSION)).isFalse();
        assertThat(own.reaches(OwnInterest.FIRST_VERSION + 1)).isTrue();
    }

    @Test
    void forgetsChangesThatAreTooHeavyTogether() {
        var level = "x".repeat(60_000);
        for (var i = 0; i < 200; i++) {
            own.add(TopicFilter.of("+/" + level + i), Reach.GLOBAL);
        }
        assertThat(own.reaches(OwnInterest.FIRST_VERSION)).isFalse();
        assertThat(own.reaches(own.version() - 60)).isTrue();
        var delta = own.deltaAfter(own.version() - 60);
        assertThat(delta.added().size()).isEqualTo(3);
        assertThat(delta.toVersion()).isEqualTo(own.version() - 57);
    }

    @Test
    void snapshotComesInBoundedPartsAndTheLastSaysSo() {
        for (var i = 0; i < 1_000; i++) {
            own.addLiteral(i * 0x9E3779B97F4A7C15L, i % 2 == 0 ? Reach.GLOBAL : Reach.ZONE);
        }
        own.add(TopicFilter.of("a/+/b"), Reach.ZONE);
        own.join(TopicFilter.of("$share/g/a"), true);
        var parts = own.snapshot(800);
        var entries = 0;
        var count = 0;
        while (parts.hasNext()) {
            var part = parts.next();
            assertThat(part.part()).isEqualTo(count++);
            assertThat(part.version()).isEqualTo(own.version());
            assertThat(part.last()).isEqualTo(!parts.hasNext());
            assertThat(part.entries().size()).isLessThanOrEqualTo(100);
            entries += part.entries().size();
        }
        assertThat(entries).isEqualTo(own.size()).isEqualTo(1_002);
    }

    @Test
    void snapshotOfNothingIsOneEmptyPart() {
        var parts = own.snapshot(100);
        var part = parts.next();
        assertThat(part.last()).isTrue();
        assertThat(part.entries().size()).isZero();
        assertThat(part.version()).isEqualTo(OwnInterest.FIRST_VERSION);
    }

    private List<Boolean> onlineStates() {
        var states = new ArrayList<Boolean>();
        own.snapshot(1_000)
                .forEachRemaining(part -> part.entries().groups().forEach(group -> states.add(group.online())));
        return states;
    }
}
