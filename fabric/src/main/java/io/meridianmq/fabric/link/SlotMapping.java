package io.meridianmq.fabric.link;

import com.google.protobuf.UnsafeByteOperations;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.proto.link.v1.BetweenFrame;
import java.util.ArrayList;

/** Turns messages about slots into what links carry, and back. Belongs to the mesh thread. */
final class SlotMapping {

    private final PlaceTexts places;
    private final ClaimMapping claims;

    SlotMapping(PlaceTexts places) {
        this.places = places;
        this.claims = new ClaimMapping(places);
    }

    BetweenFrame encode(Frame.Between between) {
        var encoded = BetweenFrame.newBuilder()
                .setSource(places.text(between.source()))
                .setSourceBoot(between.sourceBoot())
                .setDestination(places.text(between.destination()))
                .setHops(between.hops());
        switch (between.message()) {
            case SlotMessage.Filled filled -> encoded.setFilled(filled(filled));
            case SlotMessage.Claims messages -> encoded.setClaims(claims.encode(messages));
            case SlotMessage.Stream part -> encoded.setStream(stream(part));
            case SlotMessage.AskHeld asked ->
                encoded.setAskHeld(BetweenFrame.AskHeld.newBuilder().setDestinationBoot(asked.destinationBoot()));
            case SlotMessage.NothingHeld answer ->
                encoded.setNothingHeld(
                        BetweenFrame.NothingHeld.newBuilder().setDestinationBoot(answer.destinationBoot()));
        }
        return encoded.build();
    }

    /** @throws IllegalArgumentException if it is not what {@link #encode} makes */
    Frame.Between decode(BetweenFrame encoded) {
        var message = switch (encoded.getMessageCase()) {
            case FILLED -> filled(encoded.getFilled());
            case CLAIMS -> claims.decode(encoded.getClaims());
            case STREAM -> stream(encoded.getStream());
            case ASK_HELD -> new SlotMessage.AskHeld(encoded.getAskHeld().getDestinationBoot());
            case NOTHING_HELD ->
                new SlotMessage.NothingHeld(encoded.getNothingHeld().getDestinationBoot());
            case MESSAGE_NOT_SET ->
                throw new IllegalArgumentException("a frame between nodes has no message that this version knows");
        };
        return new Frame.Between(
                places.place(encoded.getSource()),
                encoded.getSourceBoot(),
                places.place(encoded.getDestination()),
                message,
                encoded.getHops());
    }

    private BetweenFrame.Filled filled(SlotMessage.Filled filled) {
        var encoded = BetweenFrame.Filled.newBuilder();
        for (var copy : filled.copies()) {
            encoded.addCopies(BetweenFrame.Copy.newBuilder()
                    .setSlot(copy.slot())
                    .setEpoch(copy.epoch())
                    .setHolder(incarnation(copy.holder())));
        }
        return encoded.build();
    }

    private SlotMessage filled(BetweenFrame.Filled encoded) {
        var copies = new ArrayList<SlotMessage.Copy>(encoded.getCopiesCount());
        for (var copy : encoded.getCopiesList()) {
            copies.add(new SlotMessage.Copy(slot(copy.getSlot()), copy.getEpoch(), incarnation(copy.getHolder())));
        }
        return new SlotMessage.Filled(copies);
    }

    private static BetweenFrame.StreamPart stream(SlotMessage.Stream part) {
        var encoded = BetweenFrame.StreamPart.newBuilder()
                .setDestinationBoot(part.destinationBoot())
                .setStream(part.stream())
                .setFirst(part.first())
                .setMark(part.mark());
        for (var item : part.items()) {
            encoded.addItemsBuilder()
                    .setConnection(item.connection())
                    .setBody(UnsafeByteOperations.unsafeWrap(item.body().asByteBuffer()));
        }
        return encoded.build();
    }

    private static SlotMessage stream(BetweenFrame.StreamPart encoded) {
        var items = new ArrayList<StreamItem>(encoded.getItemsCount());
        for (var item : encoded.getItemsList()) {
            items.add(new StreamItem(
                    item.getConnection(), CanonicalBytes.wrap(item.getBody().toByteArray())));
        }
        return new SlotMessage.Stream(
                encoded.getDestinationBoot(), encoded.getStream(), encoded.getFirst(), items, encoded.getMark());
    }

    private BetweenFrame.Incarnation incarnation(Incarnation incarnation) {
        return BetweenFrame.Incarnation.newBuilder()
                .setPlace(places.text(incarnation.place()))
                .setBoot(incarnation.boot())
                .build();
    }

    private Incarnation incarnation(BetweenFrame.Incarnation encoded) {
        return new Incarnation(places.place(encoded.getPlace()), encoded.getBoot());
    }

    /** @throws IllegalArgumentException if it is not the number of a slot */
    static int slot(int encoded) {
        if (encoded < 0 || encoded >= SlotHash.COUNT) {
            throw new IllegalArgumentException("slot " + encoded + " is not in 0.." + (SlotHash.COUNT - 1));
        }
        return encoded;
    }
}
