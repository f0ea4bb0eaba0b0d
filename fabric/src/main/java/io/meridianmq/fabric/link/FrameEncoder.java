package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.fabric.settings.SettingsMapping;
import io.meridianmq.proto.link.v1.CanonicalPublication;
import io.meridianmq.proto.link.v1.InterestAckFrame;
import io.meridianmq.proto.link.v1.InterestDeltaFrame;
import io.meridianmq.proto.link.v1.InterestHolder;
import io.meridianmq.proto.link.v1.InterestSnapshotFrame;
import io.meridianmq.proto.link.v1.InterestSummaryFrame;
import io.meridianmq.proto.link.v1.Lane;
import io.meridianmq.proto.link.v1.LaneAckFrame;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.meridianmq.proto.link.v1.ReportFrame;
import io.meridianmq.proto.link.v1.RequestFrame;
import io.meridianmq.proto.link.v1.ResponseFrame;
import io.meridianmq.proto.link.v1.SettingsFrame;
import io.meridianmq.proto.link.v1.SettingsHeldFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Turns frames into what links carry; {@link FrameDecoder} is the other direction. Belongs to the mesh thread. */
final class FrameEncoder {

    private final PublicationCodec codec;
    private final PublicationFrameWriter publicationFrames;
    private final PlaceTexts places;
    private final DigestMapping digests;
    private final SlotMapping slots;
    private final OperationMapping operations;
    private final RetainedMapping retained = new RetainedMapping();

    FrameEncoder(PublicationCodec codec, PlaceTexts places) {
        this.codec = codec;
        this.publicationFrames = new PublicationFrameWriter(codec, places);
        this.places = places;
        this.digests = new DigestMapping(places);
        this.slots = new SlotMapping(places);
        this.operations = new OperationMapping(places);
    }

    /**
     * Appends the frame to a batch.
     *
     * @param batch on the heap
     * @param wallMillis the time now, for remaining expiry
     */
    void append(ByteBuf batch, Frame frame, long wallMillis) {
        switch (frame) {
            case Frame.Forward forward -> {
                var begun = ProtoWriter.begin(batch, LinkBatch.FRAMES_FIELD_NUMBER);
                publicationFrames.write(batch, forward, wallMillis);
                ProtoWriter.end(batch, begun);
            }
            case Frame.LaneData data -> {
                var begun = ProtoWriter.begin(batch, LinkBatch.FRAMES_FIELD_NUMBER);
                publicationFrames.write(batch, data, wallMillis);
                ProtoWriter.end(batch, begun);
            }
            case Frame.LaneAck _,
                    Frame.InterestSnapshot _,
                    Frame.InterestDelta _,
                    Frame.InterestAck _,
                    Frame.InterestSummary _,
                    Frame.DigestFrame _,
                    Frame.Between _,
                    Frame.SettingsFrame _,
                    Frame.Report _,
                    Frame.Request _,
                    Frame.Response _ ->
                ProtoWriter.message(batch, LinkBatch.FRAMES_FIELD_NUMBER, encode(frame, wallMillis));
        }
    }

    private LinkFrame encode(Frame frame, long wallMillis) {
        var encoded = LinkFrame.newBuilder();
        switch (frame) {
            case Frame.Forward _, Frame.LaneData _ -> throw new AssertionError("written field by field");
            case Frame.LaneAck ack -> encoded.setLaneAck(laneAck(ack));
            case Frame.InterestSnapshot snapshot -> encoded.setInterestSnapshot(snapshot(snapshot));
            case Frame.InterestDelta delta -> encoded.setInterestDelta(delta(delta));
            case Frame.InterestAck ack -> encoded.setInterestAck(interestAck(ack));
            case Frame.InterestSummary summary -> encoded.setInterestSummary(summary(summary));
            case Frame.DigestOffer offer -> encoded.setDigestOffer(digests.encode(offer));
            case Frame.DigestPart part -> encoded.setDigestPart(digests.encode(part));
            case Frame.DigestChange change -> encoded.setDigestChange(digests.encode(change));
            case Frame.DigestAck ack -> encoded.setDigestAck(digests.encode(ack));
            case Frame.Between between -> encoded.setBetween(slots.encode(between));
            case Frame.Settings(var settings) ->
                encoded.setSettings(SettingsFrame.newBuilder().setSettings(SettingsMapping.encode(settings)));
            case Frame.SettingsHeld(var version) ->
                encoded.setSettingsHeld(SettingsHeldFrame.newBuilder().setVersion(version));
            case Frame.Report report -> encoded.setReport(report(report));
            case Frame.Request request -> encoded.setRequest(request(request, wallMillis));
            case Frame.Response response -> encoded.setResponse(response(response, wallMillis));
        }
        return encoded.build();
    }

    private LaneAckFrame laneAck(Frame.LaneAck ack) {
        return LaneAckFrame.newBuilder()
                .setLane(lane(ack.lane()))
                .setCustody(ack.custody())
                .setMark(ack.mark())
                .setSettled(ack.settled())
                .setGap(ack.gap())
                .setHops(ack.hops())
                .build();
    }

    private InterestSnapshotFrame snapshot(Frame.InterestSnapshot snapshot) {
        return InterestSnapshotFrame.newBuilder()
                .setHolder(holder(snapshot.key()))
                .setVersion(snapshot.version())
                .setPart(snapshot.part())
                .setLast(snapshot.last())
                .setFilters(FilterSets.encode(snapshot.entries()))
                .build();
    }

    private InterestDeltaFrame delta(Frame.InterestDelta delta) {
        return InterestDeltaFrame.newBuilder()
                .setHolder(holder(delta.key()))
                .setFromVersion(delta.fromVersion())
                .setToVersion(delta.toVersion())
                .setAdded(FilterSets.encode(delta.added()))
                .setRemoved(FilterSets.encode(delta.removed()))
                .build();
    }

    private InterestAckFrame interestAck(Frame.InterestAck ack) {
        return InterestAckFrame.newBuilder()
                .setHolder(holder(ack.key()))
                .setVersion(ack.version())
                .setCurrent(ack.current())
                .build();
    }

    private InterestSummaryFrame summary(Frame.InterestSummary summary) {
        return InterestSummaryFrame.newBuilder()
                .setHolder(holder(summary.key()))
                .setVersion(summary.version())
                .setChecksum(summary.checksum())
                .build();
    }

    private ReportFrame report(Frame.Report report) {
        var encoded = ReportFrame.newBuilder()
                .setPlace(text(report.member().place()))
                .setBoot(report.member().boot())
                .setAtMillis(report.atMillis())
                .putAllFigures(report.figures())
                .setLinkAddress(report.member().linkAddress())
                .setClientAddress(report.member().clientAddress())
                .setMetricsAddress(report.member().metricsAddress())
                .setStarting(report.member().starting())
                .setDraining(report.member().draining());
        for (LinkReport link : report.links()) {
            encoded.addLinks(io.meridianmq.proto.link.v1.LinkReport.newBuilder()
                    .setPeer(text(link.peer()))
                    .setUp(link.up())
                    .setRoundTripMicros(link.roundTripMicros())
                    .setSentBytes(link.sentBytes())
                    .setReceivedBytes(link.receivedBytes()));
        }
        return encoded.build();
    }

    private RequestFrame request(Frame.Request request, long wallMillis) {
        var encoded = RequestFrame.newBuilder()
                .setId(request.id())
                .setAsker(text(request.asker()))
                .setDestination(text(request.destination()))
                .setHops(request.hops());
        switch (request.question()) {
            case Question.Explain(var topic, var qos, var from) ->
                encoded.getExplainBuilder().setTopic(topic).setQos(qos.value()).setFrom(text(from));
            case Question.RetainedLookup lookup -> encoded.setRetainedLookup(retained.encode(lookup));
            case Question.RetainedPut put ->
                encoded.setRetainedPut(
                        retained.encode(put).addAllPublications(publications(put.publications(), wallMillis)));
            case Question.RetainedSum sum -> encoded.setRetainedSum(retained.encode(sum));
            case Question.Operation operation -> encoded.setOperation(operations.encode(operation));
        }
        return encoded.build();
    }

    private ResponseFrame response(Frame.Response response, long wallMillis) {
        var encoded = ResponseFrame.newBuilder()
                .setId(response.id())
                .setAnswerer(text(response.answerer()))
                .setDestination(text(response.destination()))
                .setHops(response.hops());
        switch (response.answer()) {
            case Answer.Refused(var reason) -> encoded.getRefusedBuilder().setReason(reason);
            case Answer.Explained(var destinations) -> {
                var explained = encoded.getExplainedBuilder();
                for (Answer.Destination destination : destinations) {
                    explained
                            .addDestinationsBuilder()
                            .setPlace(text(destination.place()))
                            .setNextHop(text(destination.nextHop()))
                            .setReason(destination.reason())
                            .setBlocked(destination.isBlocked());
                }
            }
            case Answer.RetainedFound(var found, var more, var missed) ->
                encoded.getRetainedFoundBuilder()
                        .setMore(more)
                        .setMissed(missed)
                        .addAllPublications(publications(found, wallMillis));
            case Answer.RetainedKept(var reasonCode) ->
                encoded.getRetainedKeptBuilder().setReasonCode(reasonCode);
            case Answer.RetainedSummed(var sum) ->
                encoded.getRetainedSummedBuilder().setSum(sum);
            case Answer.Outcome outcome -> encoded.setOutcome(operations.encode(outcome));
        }
        return encoded.build();
    }

    private List<CanonicalPublication> publications(List<Publication> publications, long wallMillis) {
        return publications.stream()
                .map(publication -> publication(publication, wallMillis))
                .toList();
    }

    private CanonicalPublication publication(Publication publication, long wallMillis) {
        var id = publication.id();
        var encoded = CanonicalPublication.newBuilder()
                .setOrigin(id.origin())
                .setOriginBoot(id.boot())
                .setOriginNumber(id.number())
                .setTimestamp(publication.timestamp())
                .setPublisherHash(publication.publisherHash())
                .setTopic(publication.topic())
                .setQos(publication.qos().value())
                .setRetain(publication.retain())
                .setPublishPacket(canonical(publication));
        if (publication.expiresAtMillis() != Publication.NEVER) {
            encoded.setRemainingExpiryMillis(remainingMillis(publication, wallMillis));
        }
        return encoded.build();
    }

    private ByteString canonical(Publication publication) {
        var bytes = new byte[codec.canonicalSize(publication)];
        codec.writeCanonical(publication, Unpooled.wrappedBuffer(bytes).clear());
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** Expired messages of lanes travel, too, since their numbers have no gaps. */
    static long remainingMillis(Publication publication, long wallMillis) {
        return Math.max(0, publication.expiresAtMillis() - wallMillis);
    }

    private Lane lane(LaneKey lane) {
        return Lane.newBuilder()
                .setSource(text(lane.source()))
                .setSourceBoot(lane.sourceBoot())
                .setDestination(text(lane.destination()))
                .setSlot(lane.slot())
                .build();
    }

    private InterestHolder holder(InterestKey key) {
        return InterestHolder.newBuilder()
                .setPlace(text(key.holder()))
                .setBoot(key.boot())
                .build();
    }

    private String text(Place place) {
        return places.text(place);
    }
}
