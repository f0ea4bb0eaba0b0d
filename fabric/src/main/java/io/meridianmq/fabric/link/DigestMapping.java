package io.meridianmq.fabric.link;

import com.google.common.primitives.ImmutableLongArray;
import com.google.protobuf.UnsafeByteOperations;
import io.meridianmq.core.link.Frame;
import io.meridianmq.digest.DigestChunk;
import io.meridianmq.digest.DigestDelta;
import io.meridianmq.digest.DigestGroup;
import io.meridianmq.proto.link.v1.DigestAckFrame;
import io.meridianmq.proto.link.v1.DigestChangeFrame;
import io.meridianmq.proto.link.v1.DigestOfferFrame;
import io.meridianmq.proto.link.v1.DigestPartFrame;
import io.meridianmq.proto.link.v1.DigestPosition;
import io.meridianmq.topic.TopicFilter;
import java.util.List;

/**
 * Digest frames as links carry them, and back. Belongs to the mesh thread.
 *
 * <p>Decoding throws {@link IllegalArgumentException} for what no correct sender sends.
 */
final class DigestMapping {

    private final PlaceTexts places;

    DigestMapping(PlaceTexts places) {
        this.places = places;
    }

    DigestOfferFrame encode(Frame.DigestOffer offer) {
        return DigestOfferFrame.newBuilder()
                .setOrigin(places.text(offer.origin()))
                .setPosition(position(offer.position()))
                .build();
    }

    DigestPartFrame encode(Frame.DigestPart part) {
        var chunk = part.chunk();
        return DigestPartFrame.newBuilder()
                .setOrigin(places.text(part.origin()))
                .setGeneration(chunk.generation())
                .setVersion(chunk.version())
                .setIndex(chunk.index())
                .setCount(chunk.count())
                .setRawBytes(chunk.rawBytes())
                .setChecksum(chunk.checksum())
                // A chunk's bytes never change.
                .setDeflated(UnsafeByteOperations.unsafeWrap(chunk.deflated()))
                .build();
    }

    DigestChangeFrame encode(Frame.DigestChange change) {
        var delta = change.delta();
        var encoded = DigestChangeFrame.newBuilder()
                .setOrigin(places.text(change.origin()))
                .setGeneration(delta.generation())
                .setFromVersion(delta.fromVersion())
                .setToVersion(delta.toVersion());
        delta.addedLiterals().forEach(encoded::addAddedLiterals);
        delta.addedOverflow().forEach(encoded::addAddedOverflow);
        delta.addedWildcards().forEach(filter -> encoded.addAddedWildcards(filter.text()));
        delta.removedWildcards().forEach(filter -> encoded.addRemovedWildcards(filter.text()));
        delta.changedGroups()
                .forEach(group -> encoded.addChangedGroupsBuilder()
                        .setFilter(group.filter().text())
                        .setOnline(group.hasOnline()));
        delta.removedGroups().forEach(filter -> encoded.addRemovedGroups(filter.text()));
        return encoded.build();
    }

    DigestAckFrame encode(Frame.DigestAck ack) {
        return DigestAckFrame.newBuilder()
                .setOrigin(places.text(ack.origin()))
                .setPosition(position(ack.position()))
                .setOutOfStep(ack.outOfStep())
                .build();
    }

    Frame.DigestOffer decode(DigestOfferFrame encoded) {
        return new Frame.DigestOffer(places.place(encoded.getOrigin()), position(encoded.getPosition()));
    }

    Frame.DigestPart decode(DigestPartFrame encoded) {
        return new Frame.DigestPart(
                places.place(encoded.getOrigin()),
                new DigestChunk(
                        encoded.getGeneration(),
                        encoded.getVersion(),
                        encoded.getIndex(),
                        encoded.getCount(),
                        encoded.getRawBytes(),
                        encoded.getChecksum(),
                        encoded.getDeflated().toByteArray()));
    }

    Frame.DigestChange decode(DigestChangeFrame encoded) {
        return new Frame.DigestChange(
                places.place(encoded.getOrigin()),
                new DigestDelta(
                        encoded.getGeneration(),
                        encoded.getFromVersion(),
                        encoded.getToVersion(),
                        ImmutableLongArray.copyOf(encoded.getAddedLiteralsList()),
                        ImmutableLongArray.copyOf(encoded.getAddedOverflowList()),
                        filters(encoded.getAddedWildcardsList()),
                        filters(encoded.getRemovedWildcardsList()),
                        encoded.getChangedGroupsList().stream()
                                .map(group -> new DigestGroup(TopicFilter.of(group.getFilter()), group.getOnline()))
                                .toList(),
                        filters(encoded.getRemovedGroupsList())));
    }

    Frame.DigestAck decode(DigestAckFrame encoded) {
        return new Frame.DigestAck(
                places.place(encoded.getOrigin()), position(encoded.getPosition()), encoded.getOutOfStep());
    }

    private static DigestPosition position(io.meridianmq.digest.DigestPosition position) {
        return DigestPosition.newBuilder()
                .setGeneration(position.generation())
                .setVersion(position.version())
                .build();
    }

    private static io.meridianmq.digest.DigestPosition position(DigestPosition encoded) {
        return new io.meridianmq.digest.DigestPosition(encoded.getGeneration(), encoded.getVersion());
    }

    private static List<TopicFilter> filters(List<String> texts) {
        return texts.stream().map(TopicFilter::of).toList();
    }
}
