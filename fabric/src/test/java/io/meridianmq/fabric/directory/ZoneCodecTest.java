package io.meridianmq.fabric.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.ByteSequence;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZoneCodecTest {

    private final ZoneCodec codec = new ZoneCodec("/p", Place.zone("us-east", "a"));

    @Test
    void keysAreThoseOfTheZone() {
        assertThat(text(codec.leaderKey())).isEqualTo("/p/zones/us-east/a/leader");
        assertThat(text(codec.slotsKey())).isEqualTo("/p/zones/us-east/a/slots");
        assertThat(text(codec.slotsKey())).startsWith(text(codec.bothKeys()));
    }

    @Test
    void aLeaderIsReadAsItWasWritten() throws Exception {
        var leader = new Incarnation(Place.parse("us-east/a/1"), 1_700_000_000_123L);
        assertThat(ZoneCodec.leader(ZoneCodec.leaderValue(leader))).isEqualTo(leader);
    }

    @Test
    void anyTableIsReadAsItWasWrittenAndTakesTensOfKilobytes() throws Exception {
        var random = new Random(Long.getLong("meridian.seed", 1L));
        var slots = new ArrayList<Slot>();
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            var epoch = random.nextInt(20_000);
            slots.add(new Slot(epoch == 0 ? Optional.empty() : any(random), any(random), any(random), epoch));
        }
        var table = new SlotTable(77, slots);
        var value = ZoneCodec.tableValue(table);
        assertThat(ZoneCodec.table(value)).isEqualTo(table);
        assertThat(value.size()).isLessThan(40_000);
    }

    @Test
    void theEmptyTableIsReadAsItWasWritten() throws Exception {
        assertThat(ZoneCodec.table(ZoneCodec.tableValue(SlotTable.EMPTY))).isEqualTo(SlotTable.EMPTY);
    }

    @Test
    void whatIsNoTableIsRefused() {
        var cut = ByteSequence.from("version 3", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ZoneCodec.table(cut)).isInstanceOf(ZoneCodec.UnreadableException.class);
        assertThatThrownBy(() -> ZoneCodec.table(ByteSequence.EMPTY))
                .isInstanceOf(ZoneCodec.UnreadableException.class)
                .hasMessageContaining("slot table");
        assertThatThrownBy(() -> ZoneCodec.leader(ByteSequence.EMPTY))
                .isInstanceOf(ZoneCodec.UnreadableException.class);
    }

    private static Optional<Incarnation> any(Random random) {
        var node = random.nextInt(100);
        return node < 10
                ? Optional.empty()
                : Optional.of(new Incarnation(Place.node("us-east", "a", "n" + node), 1_700_000_000_000L + node % 3));
    }

    private static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
