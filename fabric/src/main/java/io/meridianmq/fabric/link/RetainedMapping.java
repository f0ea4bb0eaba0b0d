package io.meridianmq.fabric.link;

import io.meridianmq.core.link.Question;
import io.meridianmq.proto.link.v1.RequestFrame;
import java.util.OptionalInt;

/** Turns questions about retained messages into what links carry, and back; publications aside. */
final class RetainedMapping {

    RequestFrame.RetainedLookup encode(Question.RetainedLookup lookup) {
        var encoded = RequestFrame.RetainedLookup.newBuilder()
                .setFilter(lookup.filter())
                .setAfterTopic(lookup.afterTopic())
                .setLimit(lookup.limit())
                .setAddressedOnly(lookup.addressedOnly())
                .setCopies(lookup.copies());
        lookup.slot().ifPresent(encoded::setSlot);
        return encoded.build();
    }

    /** @throws IllegalArgumentException if the slot is none */
    Question.RetainedLookup decode(RequestFrame.RetainedLookup encoded) {
        return new Question.RetainedLookup(
                encoded.hasSlot() ? OptionalInt.of(SlotMapping.slot(encoded.getSlot())) : OptionalInt.empty(),
                encoded.getFilter(),
                encoded.getAfterTopic(),
                encoded.getLimit(),
                encoded.getAddressedOnly(),
                encoded.getCopies());
    }

    RequestFrame.RetainedSum encode(Question.RetainedSum sum) {
        return RequestFrame.RetainedSum.newBuilder()
                .setSlot(sum.topicSlot())
                .setEverywhere(sum.everywhere())
                .setOwn(sum.own())
                .build();
    }

    /** @throws IllegalArgumentException if the slot is none */
    Question.RetainedSum decode(RequestFrame.RetainedSum encoded) {
        return new Question.RetainedSum(SlotMapping.slot(encoded.getSlot()), encoded.getEverywhere(), encoded.getOwn());
    }

    RequestFrame.RetainedPut.Builder encode(Question.RetainedPut put) {
        return RequestFrame.RetainedPut.newBuilder().setSlot(put.topicSlot()).setStage(encode(put.stage()));
    }

    private static RequestFrame.RetainedPut.Stage encode(Question.PutStage stage) {
        return switch (stage) {
            case PUBLISHED -> RequestFrame.RetainedPut.Stage.STAGE_PUBLISHED;
            case FROM_REGION -> RequestFrame.RetainedPut.Stage.STAGE_FROM_REGION;
            case COPY -> RequestFrame.RetainedPut.Stage.STAGE_COPY;
        };
    }

    /** @throws IllegalArgumentException if this version does not know it */
    static Question.PutStage decode(RequestFrame.RetainedPut.Stage encoded) {
        return switch (encoded) {
            case STAGE_PUBLISHED -> Question.PutStage.PUBLISHED;
            case STAGE_FROM_REGION -> Question.PutStage.FROM_REGION;
            case STAGE_COPY -> Question.PutStage.COPY;
            case STAGE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("retained messages come without a stage that this version knows");
        };
    }
}
