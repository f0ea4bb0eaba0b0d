package io.meridianmq.core.slot;

import static io.meridianmq.core.slot.SlotPlannerTest.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotRolesTest {

    private static final int SLOT = 7;
    private static final Incarnation SELF = node("self", 3);
    private static final Incarnation PEER = node("peer", 1);
    private static final Incarnation THIRD = node("third", 1);
    private static final long KEEP_NANOS = SlotSettings.DEFAULT.doubt().toNanos();
    private static final Optional<Incarnation> NONE = Optional.empty();

    private final Recorder contents = new Recorder();
    private final SlotRoles roles = new SlotRoles(SELF, SlotSettings.DEFAULT, List.of(contents));
    private long version;
    private long nowNanos;

    @Test
    void aStandbyThatIsPromotedContinues() {
        table(slot(PEER, Optional.of(SELF), NONE, 4));
        table(slot(SELF, NONE, NONE, 5));
        assertThat(contents.heard).containsExactly("follow 4", "serve 5 continued");
        assertThat(roles.serves(SLOT)).isTrue();
        assertThat(roles.handOvers()).isEqualTo(1);
    }

    @Test
    void whoHadNoCompleteCopyAtTheEpochBeforeBeginsAnew() {
        table(slot(PEER, NONE, Optional.of(SELF), 4));
        table(slot(SELF, NONE, NONE, 5));
        table(slot(PEER, Optional.of(SELF), NONE, 6));
        table(slot(SELF, Optional.of(PEER), NONE, 9));
        assertThat(contents.heard).containsExactly("follow 4", "serve 5", "follow 6", "serve 9");
    }

    @Test
    void anotherStartOfThisNodeIsSomebodyElse() {
        table(slot(node("self", 2), NONE, NONE, 4));
        assertThat(roles.serves(SLOT)).isFalse();
        assertThat(contents.heard).isEmpty();
    }

    @Test
    void anOwnerHearsWhereItsCopiesAreAndWhatItHandsOver() {
        table(slot(SELF, Optional.of(PEER), NONE, 1));
        table(slot(SELF, Optional.of(PEER), Optional.of(THIRD), 1));
        table(slot(SELF, Optional.of(THIRD), NONE, 1));
        table(slot(THIRD, Optional.of(SELF), NONE, 2));
        assertThat(contents.heard).containsExactly("serve 1", "copies at 1", "copies at 1", "follow 2");
    }

    @Test
    void whoIsReplacedAsOwnerGivesTheSlotUpAtOnce() {
        table(slot(SELF, NONE, NONE, 1));
        table(slot(THIRD, NONE, NONE, 2));
        assertThat(contents.heard).containsExactly("serve 1", "release");
    }

    @Test
    void aCopyThatIsNotWantedIsKeptForTwoLeases() {
        table(slot(PEER, Optional.of(SELF), NONE, 1));
        table(slot(PEER, Optional.of(THIRD), NONE, 1));
        roles.tick(KEEP_NANOS - 1);
        assertThat(contents.heard).containsExactly("follow 1");
        roles.tick(KEEP_NANOS);
        assertThat(contents.heard).containsExactly("follow 1", "release");
    }

    @Test
    void aCopyThatIsWantedAgainGoesOn() {
        table(slot(PEER, Optional.of(SELF), NONE, 1));
        table(slot(PEER, Optional.of(THIRD), NONE, 1));
        table(slot(PEER, Optional.of(THIRD), Optional.of(SELF), 1));
        roles.tick(KEEP_NANOS);
        assertThat(contents.heard).containsExactly("follow 1");
        table(slot(PEER, Optional.of(THIRD), NONE, 1));
        table(slot(THIRD, NONE, Optional.of(SELF), 2));
        assertThat(contents.heard).containsExactly("follow 1", "follow 2");
    }

    @Test
    void aCopyOfAnEarlierOwnerBeginsAnewWhenItIsWantedAgain() {
        table(slot(PEER, Optional.of(SELF), NONE, 1));
        table(slot(PEER, Optional.of(THIRD), NONE, 1));
        table(slot(THIRD, Optional.of(PEER), NONE, 2));
        table(slot(THIRD, Optional.of(PEER), Optional.of(SELF), 2));
        assertThat(contents.heard).containsExactly("follow 1", "follow 2");
    }

    @Test
    void whoHearsLateThatItsCopyWasWantedAgainServesWithIt() {
        table(slot(PEER, Optional.of(SELF), NONE, 1));
        table(slot(PEER, Optional.of(THIRD), NONE, 1));
        table(slot(SELF, NONE, NONE, 2));
        assertThat(contents.heard).containsExactly("follow 1", "serve 2");
    }

    @Test
    void anOldCopyThatNobodyCountedOnIsForgottenBeforeItsKeeperServes() {
        table(slot(PEER, Optional.of(SELF), NONE, 1));
        table(slot(PEER, Optional.of(THIRD), NONE, 1));
        table(slot(SELF, NONE, NONE, 3));
        assertThat(contents.heard).containsExactly("follow 1", "release", "serve 3");
    }

    @Test
    void anOlderTableChangesNothing() {
        table(slot(SELF, NONE, NONE, 2));
        roles.onTable(new SlotTable(1, SlotTable.EMPTY.slots()), 0);
        assertThat(roles.serves(SLOT)).isTrue();
    }

    @Test
    void whoMayHaveBeenReplacedDoesNothingUntilItKnows() {
        table(slot(SELF, NONE, Optional.of(PEER), 4));
        contents.complete = true;
        assertThat(roles.complete()).containsExactly(new SlotMessage.Copy(SLOT, 4, PEER));
        roles.suspend();
        assertThat(roles.serves(SLOT)).isFalse();
        assertThat(roles.complete()).isEmpty();
        roles.resume();
        assertThat(roles.serves(SLOT)).isTrue();
    }

    @Test
    void itCountsWhatItHas() {
        var slots = new ArrayList<>(SlotTable.ofOne(PEER).slots());
        slots.set(0, slot(SELF, NONE, NONE, 1));
        slots.set(1, slot(PEER, Optional.of(SELF), NONE, 1));
        slots.set(2, Slot.VACANT);
        roles.onTable(new SlotTable(1, slots), 0);
        assertThat(List.of(roles.owned(), roles.standby(), roles.unowned())).containsExactly(1, 1, 1);
    }

    private void table(Slot slot) {
        var slots = new ArrayList<>(Collections.nCopies(SlotHash.COUNT, Slot.VACANT));
        slots.set(SLOT, slot);
        roles.onTable(new SlotTable(++version, slots), nowNanos);
    }

    private static Slot slot(
            Incarnation owner, Optional<Incarnation> standby, Optional<Incarnation> joining, long epoch) {
        return new Slot(Optional.of(owner), standby, joining, epoch);
    }

    private static final class Recorder implements SlotContents {

        private final List<String> heard = new ArrayList<>();
        private boolean complete;

        @Override
        public void serve(int slot, Slot now, boolean continued) {
            heard.add("serve " + now.epoch() + (continued ? " continued" : ""));
        }

        @Override
        public void copiesMoved(int slot, Slot now) {
            heard.add("copies at " + now.epoch());
        }

        @Override
        public void follow(int slot, Slot now) {
            heard.add("follow " + now.epoch());
        }

        @Override
        public void release(int slot) {
            heard.add("release");
        }

        @Override
        public boolean isComplete(int slot, Slot now) {
            return complete;
        }
    }
}
