package io.meridianmq.core.slot;

import static io.meridianmq.core.slot.SlotPlannerTest.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotLeaderTest {

    private static final Incarnation A = node("a", 1);
    private static final Incarnation B = node("b", 1);
    private static final long PACE = SlotSettings.DEFAULT.pace().toNanos();
    private static final long DOUBT = SlotSettings.DEFAULT.doubt().toNanos();

    private SlotLeader leader = new SlotLeader(A, SlotSettings.DEFAULT, 0);
    private SlotTable register = SlotTable.EMPTY;
    private long now = 1;
    private long revision;

    @Test
    void onlyWhoIsElectedProposes() {
        start(A);
        assertThat(proposal()).isEmpty();
        leader.onLeader(Optional.of(B), now);
        assertThat(proposal()).isEmpty();
        leader.onLeader(Optional.of(A), now);
        assertThat(proposal()).hasValueSatisfying(first -> {
            assertThat(first.replaces()).isZero();
            assertThat(first.next().owner(0)).contains(A);
        });
    }

    @Test
    void aNodeThatStartsGetsNothingUntilItIsInService() {
        start(A);
        leader.onLeader(Optional.of(A), now);
        var starting = new Member(B.place(), B.boot(), "", "", "").withStarting(true);
        leader.onView(MembershipView.of(++revision, List.of(new Member(A.place(), A.boot(), "", "", ""), starting)));
        write(proposal().orElseThrow());
        assertThat(register.slots()).allMatch(slot -> slot.isOwnedBy(A) && !slot.isCopiedTo(B));

        view(A, B);
        write(proposal().orElseThrow());
        assertThat(register.slots()).allMatch(slot -> slot.isCopiedTo(B));
    }

    @Test
    void oneProposalAtATimeAndNotTooSoon() {
        start(A);
        leader.onLeader(Optional.of(A), now);
        var first = leader.next(now).orElseThrow();
        view(A, B);
        assertThat(leader.next(now + PACE)).as("while one is under way").isEmpty();
        written(first);
        assertThat(leader.next(now + PACE - 1)).as("too soon").isEmpty();
        assertThat(leader.next(now + PACE)).isPresent();
    }

    @Test
    void aRefusedProposalIsMadeAnewFromWhatIsThere() {
        start(A, B);
        leader.onLeader(Optional.of(A), now);
        proposal();
        register = new SlotTable(5, SlotTable.ofOne(B).slots());
        leader.onTable(register);
        leader.onProposed(false);
        assertThat(proposal()).hasValueSatisfying(next -> {
            assertThat(next.replaces()).isEqualTo(5);
            assertThat(next.next().version()).isEqualTo(6);
        });
        assertThat(leader.lost()).isEqualTo(1);
    }

    @Test
    void copiesThatAnOwnerCallsCompleteBecomeStandbys() {
        settled(A, B);
        var slot = firstOwnedBy(A);
        assertThat(register.slot(slot).standby()).contains(B);
        assertThat(register.slots()).allMatch(each -> each.joining().isEmpty());
    }

    @Test
    void aReportOfAnotherEpochOrFromSomebodyElseIsVoid() {
        start(A, B);
        leader.onLeader(Optional.of(A), now);
        write(proposal().orElseThrow());
        var slot = firstOwnedBy(A);
        leader.onFilled(B, filled(new SlotMessage.Copy(slot, 1, B)));
        leader.onFilled(A, filled(new SlotMessage.Copy(slot, 2, B)));
        leader.onFilled(A, filled(new SlotMessage.Copy(slot, 1, A)));
        assertThat(proposal()).isEmpty();
        leader.onFilled(A, filled(new SlotMessage.Copy(slot, 1, B)));
        assertThat(proposal().orElseThrow().next().slot(slot).standby()).contains(B);
    }

    @Test
    void whoLeavesTheViewIsGone() {
        settled(A, B);
        view(A);
        var next = proposal().orElseThrow().next();
        assertThat(next.slots()).allMatch(slot -> slot.isOwnedBy(A));
    }

    @Test
    void theSlotsOfWhoWasNeverSeenWaitForTwoLeases() {
        settled(A, B);
        successor();
        start(A);
        leader.onLeader(Optional.of(A), now);
        assertThat(proposal()).as("B may be alive").isEmpty();
        now += DOUBT - 3 * PACE;
        assertThat(proposal()).isEmpty();
        now += 2 * PACE;
        assertThat(proposal()).isPresent();
    }

    @Test
    void aHigherBootEndsTheEarlierOneAtOnce() {
        settled(A, B);
        successor();
        start(A, node("b", 2));
        leader.onLeader(Optional.of(A), now);
        assertThat(proposal().orElseThrow().next().slots()).noneMatch(slot -> slot.isOwnedBy(B));
    }

    @Test
    void nothingIsProposedWhileTheRegisterIsAway() {
        settled(A, B);
        leader.onRegister(RegisterState.AWAY, now);
        view(A);
        assertThat(proposal()).isEmpty();
        leader.onRegister(RegisterState.THERE, now);
        assertThat(proposal()).as("away for a moment only").isPresent();
    }

    @Test
    void nobodyIsPromotedForTwoLeasesAfterTheRegisterReturned() {
        settled(A, B);
        leader.onRegister(RegisterState.AWAY, now);
        leader.onRegister(RegisterState.RETURNED, now);
        view(A);
        assertThat(proposal()).isEmpty();
        now += DOUBT - 3 * PACE;
        assertThat(proposal()).isEmpty();
        now += 2 * PACE;
        assertThat(proposal()).isPresent();
    }

    @Test
    void aRegisterThatForgotIsToldAgain() {
        settled(A, B);
        var known = register;
        register = SlotTable.EMPTY;
        leader.onTable(register);
        assertThat(proposal()).hasValueSatisfying(again -> {
            assertThat(again.replaces()).isZero();
            assertThat(again.next()).isEqualTo(new SlotTable(known.version() + 1, known.slots()));
        });
    }

    private void start(Incarnation... nodes) {
        view(nodes);
        leader.onTable(register);
        leader.onRegister(RegisterState.THERE, now);
    }

    /** Another node process takes over, which has seen nobody yet. */
    private void successor() {
        leader = new SlotLeader(A, SlotSettings.DEFAULT, now);
    }

    private void view(Incarnation... nodes) {
        var members = Arrays.stream(nodes)
                .map(node -> new Member(node.place(), node.boot(), "", "", ""))
                .toList();
        leader.onView(MembershipView.of(++revision, members));
    }

    private Optional<SlotProposal> proposal() {
        now += PACE;
        return leader.next(now);
    }

    private void settled(Incarnation... nodes) {
        start(nodes);
        leader.onLeader(Optional.of(A), now);
        for (var next = proposal(); next.isPresent(); next = proposal()) {
            write(next.get());
            for (var slot = 0; slot < SlotHash.COUNT; slot++) {
                var each = register.slot(slot);
                if (each.joining().isPresent()) {
                    var copy = new SlotMessage.Copy(
                            slot, each.epoch(), each.joining().get());
                    leader.onFilled(each.owner().orElseThrow(), filled(copy));
                }
            }
        }
    }

    private void write(SlotProposal proposal) {
        register = proposal.next();
        written(proposal);
    }

    private void written(SlotProposal proposal) {
        leader.onTable(proposal.next());
        leader.onProposed(true);
    }

    private int firstOwnedBy(Incarnation node) {
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            if (register.slot(slot).isOwnedBy(node)) {
                return slot;
            }
        }
        throw new AssertionError(node + " owns nothing");
    }

    private static SlotMessage.Filled filled(SlotMessage.Copy... copies) {
        return new SlotMessage.Filled(new ArrayList<>(List.of(copies)));
    }
}
