package io.meridianmq.fabric.link;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.proto.link.v1.ClaimMessage.Connection;
import io.meridianmq.proto.link.v1.ClaimMessage.ConnectionOfClient;
import io.meridianmq.proto.link.v1.ClaimMessages;
import io.meridianmq.proto.link.v1.ConnectionEnding;
import java.util.ArrayList;
import java.util.Optional;

/** Turns messages about clients and their connections into what links carry, and back. Belongs to the mesh thread. */
final class ClaimMapping {

    private final ClaimRecords records;

    ClaimMapping(PlaceTexts places) {
        this.records = new ClaimRecords(places);
    }

    ClaimMessages encode(SlotMessage.Claims claims) {
        var encoded = ClaimMessages.newBuilder().setDestinationBoot(claims.destinationBoot());
        for (var message : claims.messages()) {
            encoded.addMessages(encode(message));
        }
        return encoded.build();
    }

    /** @throws IllegalArgumentException if it is not what {@link #encode} makes */
    SlotMessage.Claims decode(ClaimMessages encoded) {
        var messages = new ArrayList<ClaimMessage>(encoded.getMessagesCount());
        for (var message : encoded.getMessagesList()) {
            decode(message).ifPresent(messages::add);
        }
        return new SlotMessage.Claims(encoded.getDestinationBoot(), messages);
    }

    private io.meridianmq.proto.link.v1.ClaimMessage.Builder encode(ClaimMessage message) {
        var encoded = io.meridianmq.proto.link.v1.ClaimMessage.newBuilder();
        switch (message) {
            case ClaimMessage.Open open -> {
                var out = encoded.setEpoch(open.epoch()).getOpenBuilder();
                out.setConnection(connection(open.clientId(), open.token()));
                out.setCleanStart(open.cleanStart()).setExpirySeconds((int) open.expirySeconds());
                open.will().ifPresent(will -> out.setWill(ClaimRecords.encode(will)));
            }
            case ClaimMessage.Granted granted -> {
                var out = encoded.setEpoch(granted.epoch()).getGrantedBuilder();
                out.setConnection(connection(granted.clientId(), granted.token()))
                        .setNumber(ClaimRecords.encode(granted.number()))
                        .setContinues(granted.continues());
                granted.home().ifPresent(home -> out.setHome(records.encode(home)));
            }
            case ClaimMessage.Refused refused ->
                encoded.setEpoch(refused.epoch()).setRefused(connection(refused.clientId(), refused.token()));
            case ClaimMessage.Close close ->
                encoded.setEpoch(close.epoch())
                        .getCloseBuilder()
                        .setConnection(connection(close.clientId(), close.token()))
                        .setNumber(ClaimRecords.encode(close.number()))
                        .setEnding(encode(close.ending()))
                        .setExpirySeconds((int) close.expirySeconds());
            case ClaimMessage.Closed closed ->
                encoded.setEpoch(closed.epoch())
                        .getClosedBuilder()
                        .setConnection(connection(closed.clientId(), closed.token()))
                        .setNumber(ClaimRecords.encode(closed.number()));
            case ClaimMessage.Evict evict ->
                encoded.setEpoch(evict.epoch())
                        .getEvictBuilder()
                        .setConnection(connection(evict.clientId(), evict.token()))
                        .setNumber(ClaimRecords.encode(evict.number()))
                        .setSessionEnds(evict.sessionEnds());
            case ClaimMessage.Evicted evicted ->
                encoded.setEpoch(evicted.epoch())
                        .getEvictedBuilder()
                        .setConnection(connection(evicted.clientId(), evicted.token()))
                        .setEnding(encode(evicted.ending()));
            case ClaimMessage.WillDone done ->
                encoded.setEpoch(done.epoch()).setWillDone(connection(done.clientId(), done.number()));
            case ClaimMessage.Superseded superseded -> {
                var out = encoded.setEpoch(superseded.epoch()).getSupersededBuilder();
                out.setBy(connection(superseded.clientId(), superseded.number()));
                superseded.heir().ifPresent(heir -> out.setHeir(records.encode(heir)));
            }
            case ClaimMessage.AskAnnouncement(var epoch, var slot) ->
                encoded.setEpoch(epoch).setAskAnnouncement(slot);
            case ClaimMessage.Announce announce -> {
                var out = encoded.setEpoch(announce.epoch()).getAnnounceBuilder();
                out.setSlot(announce.slot()).setPart(announce.part()).setLast(announce.last());
                announce.claims().forEach(claim -> out.addClaims(records.encode(claim)));
            }
            case ClaimMessage.Announced(var epoch, var slot, var part) ->
                encoded.setEpoch(epoch).getAnnouncedBuilder().setSlot(slot).setPart(part);
            case ClaimMessage.CopyPart part -> {
                var out = encoded.setEpoch(part.epoch()).getCopyPartBuilder();
                out.setSlot(part.slot()).setStream(part.stream()).setFirst(part.first());
                part.entries().forEach(entry -> out.addEntries(records.encode(entry)));
            }
            case ClaimMessage.CopyMark mark ->
                encoded.setEpoch(mark.epoch())
                        .getCopyMarkBuilder()
                        .setSlot(mark.slot())
                        .setStream(mark.stream())
                        .setMark(mark.mark());
            case ClaimMessage.CopyRefused(var epoch, var slot) ->
                encoded.setEpoch(epoch).setCopyRefused(slot);
            case ClaimMessage.Ping() -> encoded.setPing(true);
            case ClaimMessage.Pong() -> encoded.setPong(true);
        }
        return encoded;
    }

    /** Empty for a message that this version does not know. */
    private Optional<ClaimMessage> decode(io.meridianmq.proto.link.v1.ClaimMessage encoded) {
        var epoch = encoded.getEpoch();
        return switch (encoded.getMessageCase()) {
            case OPEN -> {
                var open = encoded.getOpen();
                var connection = open.getConnection();
                yield Optional.of(new ClaimMessage.Open(
                        epoch,
                        connection.getClientId(),
                        connection.getToken(),
                        open.getCleanStart(),
                        Integer.toUnsignedLong(open.getExpirySeconds()),
                        open.hasWill() ? Optional.of(ClaimRecords.decode(open.getWill())) : Optional.empty()));
            }
            case GRANTED -> {
                var granted = encoded.getGranted();
                yield Optional.of(new ClaimMessage.Granted(
                        epoch,
                        granted.getConnection().getClientId(),
                        granted.getConnection().getToken(),
                        number(granted.getNumber()),
                        granted.getContinues(),
                        granted.hasHome() ? Optional.of(records.decode(granted.getHome())) : Optional.empty()));
            }
            case REFUSED ->
                Optional.of(new ClaimMessage.Refused(
                        epoch,
                        encoded.getRefused().getClientId(),
                        encoded.getRefused().getToken()));
            case CLOSE -> {
                var close = encoded.getClose();
                yield Optional.of(new ClaimMessage.Close(
                        epoch,
                        close.getConnection().getClientId(),
                        close.getConnection().getToken(),
                        number(close.getNumber()),
                        decode(close.getEnding()),
                        Integer.toUnsignedLong(close.getExpirySeconds())));
            }
            case CLOSED -> {
                var closed = encoded.getClosed();
                yield Optional.of(new ClaimMessage.Closed(
                        epoch,
                        closed.getConnection().getClientId(),
                        closed.getConnection().getToken(),
                        number(closed.getNumber())));
            }
            case EVICT -> {
                var evict = encoded.getEvict();
                yield Optional.of(new ClaimMessage.Evict(
                        epoch,
                        evict.getConnection().getClientId(),
                        evict.getConnection().getToken(),
                        number(evict.getNumber()),
                        evict.getSessionEnds()));
            }
            case EVICTED -> {
                var evicted = encoded.getEvicted();
                yield Optional.of(new ClaimMessage.Evicted(
                        epoch,
                        evicted.getConnection().getClientId(),
                        evicted.getConnection().getToken(),
                        decode(evicted.getEnding())));
            }
            case WILL_DONE ->
                Optional.of(new ClaimMessage.WillDone(
                        epoch,
                        encoded.getWillDone().getClientId(),
                        number(encoded.getWillDone().getNumber())));
            case SUPERSEDED -> {
                var superseded = encoded.getSuperseded();
                yield Optional.of(new ClaimMessage.Superseded(
                        epoch,
                        superseded.getBy().getClientId(),
                        number(superseded.getBy().getNumber()),
                        superseded.hasHeir() ? Optional.of(records.decode(superseded.getHeir())) : Optional.empty()));
            }
            case ASK_ANNOUNCEMENT ->
                Optional.of(new ClaimMessage.AskAnnouncement(epoch, slot(encoded.getAskAnnouncement())));
            case ANNOUNCE -> {
                var announce = encoded.getAnnounce();
                yield Optional.of(new ClaimMessage.Announce(
                        epoch,
                        slot(announce.getSlot()),
                        announce.getPart(),
                        announce.getLast(),
                        announce.getClaimsList().stream().map(records::decode).toList()));
            }
            case ANNOUNCED ->
                Optional.of(new ClaimMessage.Announced(
                        epoch,
                        slot(encoded.getAnnounced().getSlot()),
                        encoded.getAnnounced().getPart()));
            case COPY_PART -> {
                var part = encoded.getCopyPart();
                yield Optional.of(new ClaimMessage.CopyPart(
                        epoch,
                        slot(part.getSlot()),
                        part.getStream(),
                        part.getFirst(),
                        part.getEntriesList().stream().map(records::decode).toList()));
            }
            case COPY_MARK -> {
                var mark = encoded.getCopyMark();
                yield Optional.of(
                        new ClaimMessage.CopyMark(epoch, slot(mark.getSlot()), mark.getStream(), mark.getMark()));
            }
            case COPY_REFUSED -> Optional.of(new ClaimMessage.CopyRefused(epoch, slot(encoded.getCopyRefused())));
            case PING -> Optional.of(new ClaimMessage.Ping());
            case PONG -> Optional.of(new ClaimMessage.Pong());
            case MESSAGE_NOT_SET -> Optional.empty();
        };
    }

    private static Connection connection(String clientId, long token) {
        return Connection.newBuilder().setClientId(clientId).setToken(token).build();
    }

    private static ConnectionOfClient connection(String clientId, ConnectionNumber number) {
        return ConnectionOfClient.newBuilder()
                .setClientId(clientId)
                .setNumber(ClaimRecords.encode(number))
                .build();
    }

    private static ConnectionNumber number(io.meridianmq.proto.link.v1.ConnectionNumber encoded) {
        return ClaimRecords.decode(encoded);
    }

    private static ConnectionEnding encode(ClaimMessage.Ending ending) {
        return switch (ending) {
            case NORMAL -> ConnectionEnding.CONNECTION_ENDING_NORMAL;
            case LOST -> ConnectionEnding.CONNECTION_ENDING_LOST;
            case NEVER_OPENED -> ConnectionEnding.CONNECTION_ENDING_NEVER_OPENED;
        };
    }

    private static ClaimMessage.Ending decode(ConnectionEnding encoded) {
        return switch (encoded) {
            case CONNECTION_ENDING_NORMAL -> ClaimMessage.Ending.NORMAL;
            case CONNECTION_ENDING_LOST -> ClaimMessage.Ending.LOST;
            case CONNECTION_ENDING_NEVER_OPENED -> ClaimMessage.Ending.NEVER_OPENED;
            case CONNECTION_ENDING_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("a connection's end without a manner that this version knows");
        };
    }

    private static int slot(int encoded) {
        if (encoded < 0 || encoded >= SlotHash.COUNT) {
            throw new IllegalArgumentException("slot " + encoded + " is not in 0.." + (SlotHash.COUNT - 1));
        }
        return encoded;
    }
}
