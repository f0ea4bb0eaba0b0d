package io.meridianmq.fabric.link;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.fabric.settings.SettingsMapping;
import io.meridianmq.proto.link.v1.CanonicalPublication;
import io.meridianmq.proto.link.v1.InterestAckFrame;
import io.meridianmq.proto.link.v1.InterestDeltaFrame;
import io.meridianmq.proto.link.v1.InterestHolder;
import io.meridianmq.proto.link.v1.InterestSnapshotFrame;
import io.meridianmq.proto.link.v1.InterestSummaryFrame;
import io.meridianmq.proto.link.v1.Lane;
import io.meridianmq.proto.link.v1.LaneAckFrame;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.meridianmq.proto.link.v1.ReportFrame;
import io.meridianmq.proto.link.v1.RequestFrame;
import io.meridianmq.proto.link.v1.ResponseFrame;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what links carry into frames; {@link FrameEncoder} is the other direction. Belongs to the mesh thread.
 *
 * <p>Every method throws {@link IllegalArgumentException} for what no correct sender sends.
 */
final class FrameDecoder {

    private final PublicationCodec codec;
    private final PublicationFrameReader publicationFrames;
    private final PlaceTexts places;
    private final DigestMapping digests;
    private final SlotMapping slots;
    private final OperationMapping operations;
    private final RetainedMapping retained = new RetainedMapping();

    FrameDecoder(PublicationCodec codec, PlaceTexts places) {
        this.codec = codec;
        this.publicationFrames = new PublicationFrameReader(codec, places);
        this.places = places;
        this.digests = new DigestMapping(places);
        this.slots = new SlotMapping(places);
        this.operations = new OperationMapping(places);
    }

    /**
     * What kind of frame comes, without reading it; {@code FRAME_NOT_SET} for one that this version does not know.
     *
     * @param encoded at the beginning of a {@code LinkFrame}
     */
    static LinkFrame.FrameCase kind(ProtoReader encoded) {
        var fields = encoded.fromHere();
        while (fields.hasMore()) {
            var tag = fields.tag();
            var known = LinkFrame.FrameCase.forNumber(WireFormat.getTagFieldNumber(tag));
            if (known != null) {
                return known;
            }
            fields.skip(tag);
        }
        return LinkFrame.FrameCase.FRAME_NOT_SET;
    }

    /** The frame as a whole, of a kind that is not for the mesh. */
    static LinkFrame parse(ProtoReader encoded) {
        try {
            return LinkFrame.parseFrom(encoded.rest().nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The frame, with one share of its publications' bytes for the caller.
     *
     * @param encoded at the beginning of a {@code LinkFrame}
     * @param wallMillis the time now, for remaining expiry
     * @throws IllegalArgumentException if the frame is malformed or none for the mesh; the message says what is wrong
     */
    Frame decode(ProtoReader encoded, long wallMillis) {
        return switch (kind(encoded)) {
            case FORWARD -> publicationFrames.forward(content(encoded, LinkFrame.FORWARD_FIELD_NUMBER), wallMillis);
            case LANE_DATA ->
                publicationFrames.laneData(content(encoded, LinkFrame.LANE_DATA_FIELD_NUMBER), wallMillis);
            default -> decode(parse(encoded), wallMillis);
        };
    }

    /** The content of the one field that is set. */
    private static ProtoReader content(ProtoReader encoded, int field) {
        while (encoded.hasMore()) {
            var tag = encoded.tag();
            if (tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                return encoded.message();
            }
            encoded.skip(tag);
        }
        throw new IllegalArgumentException("field " + field + " is not a message");
    }

    private Frame decode(LinkFrame encoded, long wallMillis) {
        return switch (encoded.getFrameCase()) {
            case FORWARD, LANE_DATA -> throw new IllegalArgumentException("two frames are in the place of one");
            case LANE_ACK -> laneAck(encoded.getLaneAck());
            case INTEREST_SNAPSHOT -> snapshot(encoded.getInterestSnapshot());
            case INTEREST_DELTA -> delta(encoded.getInterestDelta());
            case INTEREST_ACK -> interestAck(encoded.getInterestAck());
            case INTEREST_SUMMARY -> summary(encoded.getInterestSummary());
            case DIGEST_OFFER -> digests.decode(encoded.getDigestOffer());
            case DIGEST_PART -> digests.decode(encoded.getDigestPart());
            case DIGEST_CHANGE -> digests.decode(encoded.getDigestChange());
            case DIGEST_ACK -> digests.decode(encoded.getDigestAck());
            case BETWEEN -> slots.decode(encoded.getBetween());
            case SETTINGS ->
                new Frame.Settings(SettingsMapping.decode(encoded.getSettings().getSettings()));
            case SETTINGS_HELD ->
                new Frame.SettingsHeld(encoded.getSettingsHeld().getVersion());
            case REPORT -> report(encoded.getReport());
            case REQUEST -> request(encoded.getRequest(), wallMillis);
            case RESPONSE -> response(encoded.getResponse(), wallMillis);
            case HELLO, HEARTBEAT, HEARTBEAT_ANSWER, FRAME_NOT_SET ->
                throw new IllegalArgumentException(encoded.getFrameCase() + " is not a frame for the mesh");
        };
    }

    private Frame.LaneAck laneAck(LaneAckFrame encoded) {
        return new Frame.LaneAck(
                lane(encoded.getLane()),
                encoded.getCustody(),
                encoded.getMark(),
                encoded.getSettled(),
                encoded.getGap(),
                encoded.getHops());
    }

    private Frame.InterestSnapshot snapshot(InterestSnapshotFrame encoded) {
        return new Frame.InterestSnapshot(
                key(encoded.getHolder()),
                encoded.getVersion(),
                encoded.getPart(),
                encoded.getLast(),
                FilterSets.decode(encoded.getFilters()));
    }

    private Frame.InterestDelta delta(InterestDeltaFrame encoded) {
        return new Frame.InterestDelta(
                key(encoded.getHolder()),
                encoded.getFromVersion(),
                encoded.getToVersion(),
                FilterSets.decode(encoded.getAdded()),
                FilterSets.decode(encoded.getRemoved()));
    }

    private Frame.InterestAck interestAck(InterestAckFrame encoded) {
        return new Frame.InterestAck(key(encoded.getHolder()), encoded.getVersion(), encoded.getCurrent());
    }

    private Frame.InterestSummary summary(InterestSummaryFrame encoded) {
        return new Frame.InterestSummary(key(encoded.getHolder()), encoded.getVersion(), encoded.getChecksum());
    }

    private Frame.Report report(ReportFrame encoded) {
        var member = new Member(
                place(encoded.getPlace()),
                encoded.getBoot(),
                encoded.getLinkAddress(),
                encoded.getClientAddress(),
                encoded.getMetricsAddress(),
                encoded.getStarting(),
                encoded.getDraining());
        return new Frame.Report(
                member,
                encoded.getAtMillis(),
                encoded.getFiguresMap(),
                encoded.getLinksList().stream().map(this::link).toList());
    }

    private LinkReport link(io.meridianmq.proto.link.v1.LinkReport encoded) {
        return new LinkReport(
                place(encoded.getPeer()),
                encoded.getUp(),
                encoded.getRoundTripMicros(),
                encoded.getSentBytes(),
                encoded.getReceivedBytes());
    }

    private Frame.Request request(RequestFrame encoded, long wallMillis) {
        var asker = place(encoded.getAsker());
        var destination = place(encoded.getDestination());
        var question = switch (encoded.getQuestionCase()) {
            case EXPLAIN -> {
                var explain = encoded.getExplain();
                yield new Question.Explain(explain.getTopic(), Qos.of(explain.getQos()), place(explain.getFrom()));
            }
            case RETAINED_LOOKUP -> retained.decode(encoded.getRetainedLookup());
            case RETAINED_PUT -> {
                var put = encoded.getRetainedPut();
                var slot = SlotMapping.slot(put.getSlot());
                var stage = RetainedMapping.decode(put.getStage());
                yield new Question.RetainedPut(slot, stage, publications(put.getPublicationsList(), wallMillis));
            }
            case RETAINED_SUM -> retained.decode(encoded.getRetainedSum());
            case OPERATION -> operations.decode(encoded.getOperation());
            case QUESTION_NOT_SET ->
                throw new IllegalArgumentException("a request has no question that this version knows");
        };
        return new Frame.Request(encoded.getId(), asker, destination, question, encoded.getHops());
    }

    private Frame.Response response(ResponseFrame encoded, long wallMillis) {
        var answerer = place(encoded.getAnswerer());
        var destination = place(encoded.getDestination());
        var answer = switch (encoded.getAnswerCase()) {
            case REFUSED -> new Answer.Refused(encoded.getRefused().getReason());
            case EXPLAINED -> explained(encoded.getExplained());
            case RETAINED_FOUND -> {
                var found = encoded.getRetainedFound();
                yield new Answer.RetainedFound(
                        publications(found.getPublicationsList(), wallMillis), found.getMore(), found.getMissed());
            }
            case RETAINED_KEPT ->
                new Answer.RetainedKept(encoded.getRetainedKept().getReasonCode());
            case RETAINED_SUMMED ->
                new Answer.RetainedSummed(encoded.getRetainedSummed().getSum());
            case OUTCOME -> operations.decode(encoded.getOutcome());
            case ANSWER_NOT_SET ->
                throw new IllegalArgumentException("a response has no answer that this version knows");
        };
        return new Frame.Response(encoded.getId(), answerer, destination, answer, encoded.getHops());
    }

    private Answer explained(ResponseFrame.Explained encoded) {
        return new Answer.Explained(encoded.getDestinationsList().stream()
                .map(destination -> new Answer.Destination(
                        place(destination.getPlace()),
                        place(destination.getNextHop()),
                        destination.getReason(),
                        destination.getBlocked()))
                .toList());
    }

    private List<Publication> publications(List<CanonicalPublication> encoded, long wallMillis) {
        var publications = new ArrayList<Publication>(encoded.size());
        try {
            for (CanonicalPublication publication : encoded) {
                publications.add(publication(publication, wallMillis));
            }
        } catch (IllegalArgumentException e) {
            publications.forEach(Publication::release);
            throw e;
        }
        return publications;
    }

    private Publication publication(CanonicalPublication encoded, long wallMillis) {
        var expiresAtMillis = encoded.hasRemainingExpiryMillis()
                ? expiresAtMillis(encoded.getRemainingExpiryMillis(), wallMillis)
                : Publication.NEVER;
        return new Publication(
                new PublicationId(encoded.getOrigin(), encoded.getOriginBoot(), encoded.getOriginNumber()),
                encoded.getTimestamp(),
                encoded.getPublisherHash(),
                encoded.getTopic(),
                Qos.of(encoded.getQos()),
                encoded.getRetain(),
                expiresAtMillis,
                codec.fromCanonical(
                        Unpooled.wrappedBuffer(encoded.getPublishPacket().toByteArray())));
    }

    /** When a publication expires on this machine's clock. */
    static long expiresAtMillis(long remainingMillis, long wallMillis) {
        if (remainingMillis < 0) {
            throw new IllegalArgumentException("a publication has " + remainingMillis + " ms until it expires");
        }
        return wallMillis + remainingMillis;
    }

    private LaneKey lane(Lane encoded) {
        return new LaneKey(
                place(encoded.getSource()),
                encoded.getSourceBoot(),
                place(encoded.getDestination()),
                encoded.getSlot());
    }

    private InterestKey key(InterestHolder encoded) {
        return new InterestKey(place(encoded.getPlace()), encoded.getBoot());
    }

    private Place place(String text) {
        return places.place(text);
    }
}
