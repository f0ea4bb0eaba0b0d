package io.meridianmq.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotTableTest {

    private static final Incarnation OWNER = new Incarnation(Place.node("r", "z", "1"), 5);
    private static final Incarnation STANDBY = new Incarnation(Place.node("r", "z", "2"), 5);
    private static final Place ANOTHER = Place.node("r", "z", "3");

    @Test
    void theOwnerTakesWhatOthersSendToItsSlotAndTheStandbyWhatTheOwnerSends() {
        var table = table(Optional.of(OWNER), Optional.of(STANDBY));
        assertThat(table.taker(7, ANOTHER)).contains(OWNER);
        assertThat(table.taker(7, STANDBY.place())).contains(OWNER);
        assertThat(table.taker(7, OWNER.place())).contains(STANDBY);
    }

    @Test
    void anOwnerWithoutAStandbyTakesItsOwn() {
        assertThat(table(Optional.of(OWNER), Optional.empty()).taker(7, OWNER.place()))
                .contains(OWNER);
    }

    @Test
    void nobodyTakesWhatIsForASlotWithoutAnOwner() {
        assertThat(table(Optional.empty(), Optional.of(STANDBY)).taker(7, OWNER.place()))
                .isEmpty();
        assertThat(SlotTable.EMPTY.taker(7, ANOTHER)).isEmpty();
    }

    private static SlotTable table(Optional<Incarnation> owner, Optional<Incarnation> standby) {
        return new SlotTable(1, Collections.nCopies(SlotHash.COUNT, new Slot(owner, standby, Optional.empty(), 3)));
    }
}
