package io.meridianmq.fabric.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemberTableTest {

    private static final long GRACE = 12;
    private static final Member A = member("a");
    private static final Member B = member("b");
    private static final Member C = member("c");

    private final MemberTable table = new MemberTable(GRACE);

    @Test
    void theFirstListMakesAViewEvenIfNobodyIsThere() {
        assertThat(table.relisted(7, List.of(), false, 0)).contains(MembershipView.of(7, List.of()));
    }

    @Test
    void changesMakeViewsWithTheirRevision() {
        table.relisted(7, List.of(A), false, 0);
        assertThat(table.changed(List.of(new MemberChange.Listed(B, 9)), 1))
                .contains(MembershipView.of(9, List.of(A, B)));
        assertThat(table.changed(List.of(new MemberChange.Removed(A.place(), 12)), 2))
                .contains(MembershipView.of(12, List.of(B)));
    }

    @Test
    void changesOfOneTransactionAreAllTaken() {
        table.relisted(7, List.of(A, B), false, 0);
        assertThat(table.changed(
                        List.of(new MemberChange.Removed(A.place(), 8), new MemberChange.Removed(B.place(), 8)), 1))
                .contains(MembershipView.of(8, List.of()));
    }

    @Test
    void changesThatAListAlreadyHeldAreLeftOut() {
        table.relisted(10, List.of(A), false, 0);
        assertThat(table.changed(List.of(new MemberChange.Removed(A.place(), 9)), 1))
                .isEmpty();
    }

    @Test
    void nothingIsPublishedWhenNothingChanged() {
        table.relisted(7, List.of(A), false, 0);
        assertThat(table.relisted(20, List.of(A), false, 1)).isEmpty();
        assertThat(table.changed(List.of(new MemberChange.Listed(A, 21)), 2)).isEmpty();
        assertThat(table.tick(3)).isEmpty();
        assertThat(table.seenRevision()).isEqualTo(21);
    }

    @Test
    void withoutAnOutageALostWatchDropsMembersAtOnce() {
        table.relisted(7, List.of(A, B), false, 0);
        assertThat(table.relisted(9, List.of(A), false, 1)).contains(MembershipView.of(9, List.of(A)));
    }

    @Test
    void afterAnOutageNobodyIsDroppedUntilTheGraceIsOver() {
        table.relisted(7, List.of(A, B, C), false, 0);
        assertThat(table.relisted(9, List.of(A), true, 100)).isEmpty();
        assertThat(table.changed(List.of(new MemberChange.Listed(B, 10)), 105)).isEmpty();
        assertThat(table.tick(111)).isEmpty();
        assertThat(table.tick(112)).contains(MembershipView.of(10, List.of(A, B)));
    }

    @Test
    void aLeaseThatEndsInTheGraceDropsNobodyYet() {
        table.relisted(7, List.of(A, B), false, 0);
        table.relisted(8, List.of(A, B), true, 100);
        assertThat(table.changed(List.of(new MemberChange.Removed(B.place(), 9)), 103))
                .isEmpty();
        assertThat(table.listed(B.place())).isEmpty();
        assertThat(table.tick(112)).contains(MembershipView.of(9, List.of(A)));
    }

    @Test
    void whoRegistersAnewInTheGraceIsTakenAsItIsNow() {
        table.relisted(7, List.of(A, B), false, 0);
        table.relisted(8, List.of(A), true, 100);
        var later = new Member(B.place(), B.boot() + 1, "127.0.0.1:2", "", "");
        assertThat(table.changed(List.of(new MemberChange.Listed(later, 9)), 103))
                .contains(MembershipView.of(9, List.of(A, later)));
        assertThat(table.tick(112)).isEmpty();
    }

    @Test
    void aSecondOutageStartsTheGraceAgain() {
        table.relisted(7, List.of(A, B), false, 0);
        table.relisted(8, List.of(A), true, 100);
        table.relisted(8, List.of(A), true, 111);
        assertThat(table.tick(112)).isEmpty();
        assertThat(table.tick(123))
                .map(MembershipView::members)
                .hasValueSatisfying(members -> assertThat(members).containsOnlyKeys(A.place()));
    }

    @Test
    void revisionsRiseEvenIfEtcdLostItsData() {
        table.relisted(1_000, List.of(A, B), false, 0);
        assertThat(table.relisted(3, List.of(), true, 100)).isEmpty();
        assertThat(table.changed(List.of(new MemberChange.Listed(C, 4)), 101))
                .contains(MembershipView.of(1_001, List.of(A, B, C)));
        assertThat(table.tick(112)).contains(MembershipView.of(1_002, List.of(C)));
    }

    @Test
    void keysThatAreNoMembersAreRecognised() {
        var codec = new MemberCodec("/test");
        assertThat(codec.member(codec.key(A.place()), MemberCodec.value(A))).contains(A);
        assertThat(codec.member(codec.key(B.place()), MemberCodec.value(A))).isEmpty();
        assertThat(codec.member(codec.key(A.place()), codec.allKeys())).isEmpty();
        assertThat(codec.place(codec.allKeys())).isEqualTo(Optional.<Place>empty());
    }

    private static Member member(String node) {
        return new Member(Place.node("us-east", "a", node), 5, "127.0.0.1:1", "127.0.0.1:1883", "");
    }
}
