package io.meridianmq.fabric.link;

import com.google.protobuf.UnsafeByteOperations;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.CopyEntry;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.proto.link.v1.BetweenFrame;
import java.util.Optional;

/** Turns what is known of clients into what links carry, and back. Belongs to the mesh thread. */
final class ClaimRecords {

    private static final CopyEntry BEGIN = new CopyEntry.Begin();
    private static final CopyEntry COMPLETE = new CopyEntry.Complete();

    private final PlaceTexts places;

    ClaimRecords(PlaceTexts places) {
        this.places = places;
    }

    io.meridianmq.proto.link.v1.ClaimRecord encode(ClaimRecord claim) {
        var encoded = io.meridianmq.proto.link.v1.ClaimRecord.newBuilder()
                .setClientId(claim.clientId())
                .setNumber(encode(claim.number()))
                .setFront(encode(claim.front()))
                .setToken(claim.token())
                .setContinued(claim.continued())
                .setInherits(claim.inherits())
                .setExpirySeconds((int) claim.expirySeconds());
        claim.home().ifPresent(home -> encoded.setHome(encode(home)));
        claim.will().ifPresent(will -> encoded.setWill(encode(will)));
        if (!claim.isConnected()) {
            encoded.setAwayMillis(claim.awayMillis());
        }
        return encoded.build();
    }

    ClaimRecord decode(io.meridianmq.proto.link.v1.ClaimRecord encoded) {
        return new ClaimRecord(
                encoded.getClientId(),
                decode(encoded.getNumber()),
                decode(encoded.getFront()),
                encoded.hasHome() ? Optional.of(decode(encoded.getHome())) : Optional.empty(),
                encoded.getToken(),
                encoded.getContinued(),
                encoded.getInherits(),
                Integer.toUnsignedLong(encoded.getExpirySeconds()),
                encoded.hasWill() ? Optional.of(decode(encoded.getWill())) : Optional.empty(),
                encoded.hasAwayMillis() ? encoded.getAwayMillis() : ClaimRecord.CONNECTED);
    }

    io.meridianmq.proto.link.v1.CopyEntry encode(CopyEntry entry) {
        var encoded = io.meridianmq.proto.link.v1.CopyEntry.newBuilder();
        switch (entry) {
            case CopyEntry.Begin() -> encoded.getBeginBuilder();
            case CopyEntry.Put(var claim) -> encoded.setPut(encode(claim));
            case CopyEntry.Remove(var clientId) -> encoded.setRemove(clientId);
            case CopyEntry.PutWill(var will) -> encoded.setPutWill(encode(will));
            case CopyEntry.RemoveWill(var clientId, var number) ->
                encoded.getRemoveWillBuilder().setClientId(clientId).setNumber(encode(number));
            case CopyEntry.Complete() -> encoded.getCompleteBuilder();
        }
        return encoded.build();
    }

    /** @throws IllegalArgumentException if it is not what {@link #encode(CopyEntry)} makes */
    CopyEntry decode(io.meridianmq.proto.link.v1.CopyEntry encoded) {
        return switch (encoded.getEntryCase()) {
            case BEGIN -> BEGIN;
            case PUT -> new CopyEntry.Put(decode(encoded.getPut()));
            case REMOVE -> new CopyEntry.Remove(encoded.getRemove());
            case PUT_WILL -> new CopyEntry.PutWill(decode(encoded.getPutWill()));
            case REMOVE_WILL ->
                new CopyEntry.RemoveWill(
                        encoded.getRemoveWill().getClientId(),
                        decode(encoded.getRemoveWill().getNumber()));
            case COMPLETE -> COMPLETE;
            case ENTRY_NOT_SET ->
                // Whoever skipped it would have a copy that is not one.
                throw new IllegalArgumentException("a step of a copy that this version does not know");
        };
    }

    private io.meridianmq.proto.link.v1.DueWill encode(DueWill due) {
        var encoded = io.meridianmq.proto.link.v1.DueWill.newBuilder()
                .setClientId(due.clientId())
                .setNumber(encode(due.number()))
                .setToken(due.token())
                .setStamp(due.stamp())
                .setWill(encode(due.will()));
        due.awaited().ifPresent(front -> encoded.setAwaited(encode(front)));
        return encoded.build();
    }

    private DueWill decode(io.meridianmq.proto.link.v1.DueWill encoded) {
        return new DueWill(
                encoded.getClientId(),
                decode(encoded.getNumber()),
                encoded.getToken(),
                encoded.getStamp(),
                decode(encoded.getWill()),
                encoded.hasAwaited() ? Optional.of(decode(encoded.getAwaited())) : Optional.empty());
    }

    BetweenFrame.Incarnation encode(Incarnation incarnation) {
        return BetweenFrame.Incarnation.newBuilder()
                .setPlace(places.text(incarnation.place()))
                .setBoot(incarnation.boot())
                .build();
    }

    Incarnation decode(BetweenFrame.Incarnation encoded) {
        return new Incarnation(places.place(encoded.getPlace()), encoded.getBoot());
    }

    static io.meridianmq.proto.link.v1.ConnectionNumber encode(ConnectionNumber number) {
        return io.meridianmq.proto.link.v1.ConnectionNumber.newBuilder()
                .setEpoch(number.epoch())
                .setCounter(number.counter())
                .build();
    }

    static ConnectionNumber decode(io.meridianmq.proto.link.v1.ConnectionNumber encoded) {
        return new ConnectionNumber(encoded.getEpoch(), encoded.getCounter());
    }

    static io.meridianmq.proto.link.v1.Will encode(Will will) {
        var encoded = io.meridianmq.proto.link.v1.Will.newBuilder()
                .setQos(will.qos().value())
                .setRetain(will.retain())
                .setDelaySeconds((int) will.delaySeconds())
                .setPublishPacket(UnsafeByteOperations.unsafeWrap(will.message().asByteBuffer()));
        if (will.messageExpirySeconds() != Will.NO_MESSAGE_EXPIRY) {
            encoded.setMessageExpirySeconds((int) will.messageExpirySeconds());
        }
        return encoded.build();
    }

    static Will decode(io.meridianmq.proto.link.v1.Will encoded) {
        return new Will(
                Qos.of(encoded.getQos()),
                encoded.getRetain(),
                Integer.toUnsignedLong(encoded.getDelaySeconds()),
                encoded.hasMessageExpirySeconds()
                        ? Integer.toUnsignedLong(encoded.getMessageExpirySeconds())
                        : Will.NO_MESSAGE_EXPIRY,
                // A copy: what arrived is part of a batch, and a will may stay for days.
                CanonicalBytes.wrap(encoded.getPublishPacket().toByteArray()));
    }
}
