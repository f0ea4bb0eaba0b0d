package io.meridianmq.fabric.directory;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.etcd.jetcd.ByteSequence;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.proto.directory.v1.Leader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The leader and the slot table of one zone as etcd keeps them. */
final class ZoneCodec {

    /** Something is under a key of the zone that this version cannot read. */
    static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnreadableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final String zonePrefix;

    /** @param prefix of all keys of the platform, such as {@code /meridian/v1} */
    ZoneCodec(String prefix, Place zone) {
        zonePrefix = prefix + "/zones/" + zone + "/";
    }

    /** What both keys start with. */
    ByteSequence bothKeys() {
        return bytes(zonePrefix);
    }

    ByteSequence leaderKey() {
        return bytes(zonePrefix + "leader");
    }

    ByteSequence slotsKey() {
        return bytes(zonePrefix + "slots");
    }

    static ByteSequence leaderValue(Incarnation leader) {
        var message = Leader.newBuilder()
                .setPlace(leader.place().toString())
                .setBoot(leader.boot())
                .build();
        return ByteSequence.from(message.toByteString());
    }

    /** @throws UnreadableException if it is not what {@link #leaderValue} makes */
    static Incarnation leader(ByteSequence value) throws UnreadableException {
        try {
            var message = Leader.parseFrom(ByteString.copyFrom(value.getBytes()));
            return new Incarnation(Place.parse(message.getPlace()), message.getBoot());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UnreadableException("the leader of a zone: " + e.getMessage(), e);
        }
    }

    static ByteSequence tableValue(SlotTable table) {
        var message = io.meridianmq.proto.directory.v1.SlotTable.newBuilder().setVersion(table.version());
        var positions = new HashMap<Incarnation, Integer>();
        for (var slot : table.slots()) {
            message.addOwners(position(slot.owner(), positions, message))
                    .addStandbys(position(slot.standby(), positions, message))
                    .addJoinings(position(slot.joining(), positions, message))
                    .addEpochs(slot.epoch());
        }
        return ByteSequence.from(message.build().toByteString());
    }

    /** @throws UnreadableException if it is not what {@link #tableValue} makes */
    static SlotTable table(ByteSequence value) throws UnreadableException {
        try {
            var message = io.meridianmq.proto.directory.v1.SlotTable.parseFrom(ByteString.copyFrom(value.getBytes()));
            var holders = new ArrayList<Optional<Incarnation>>();
            holders.add(Optional.empty());
            for (var holder : message.getHoldersList()) {
                holders.add(Optional.of(new Incarnation(Place.parse(holder.getPlace()), holder.getBoot())));
            }
            var slots = new ArrayList<Slot>(SlotHash.COUNT);
            for (var slot = 0; slot < SlotHash.COUNT; slot++) {
                slots.add(new Slot(
                        holders.get(message.getOwners(slot)),
                        holders.get(message.getStandbys(slot)),
                        holders.get(message.getJoinings(slot)),
                        message.getEpochs(slot)));
            }
            return new SlotTable(message.getVersion(), slots);
        } catch (InvalidProtocolBufferException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UnreadableException("the slot table of a zone: " + e.getMessage(), e);
        }
    }

    private static int position(
            Optional<Incarnation> holder,
            Map<Incarnation, Integer> positions,
            io.meridianmq.proto.directory.v1.SlotTable.Builder message) {
        return holder.map(who -> positions.computeIfAbsent(who, _ -> {
                    message.addHolders(io.meridianmq.proto.directory.v1.SlotTable.Holder.newBuilder()
                            .setPlace(who.place().toString())
                            .setBoot(who.boot()));
                    return message.getHoldersCount();
                }))
                .orElse(0);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
