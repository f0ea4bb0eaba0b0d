package io.meridianmq.fabric.link;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.proto.link.v1.CanonicalPublication;
import io.meridianmq.proto.link.v1.ForwardFrame;
import io.meridianmq.proto.link.v1.Grant;
import io.meridianmq.proto.link.v1.Lane;
import io.meridianmq.proto.link.v1.LaneDataFrame;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.netty.buffer.ByteBuf;

/**
 * Writes the frames that carry one publication, the bulk of what links carry, field by field into the batch: no object is
 * made for them, and the message is copied once, from where it arrived. {@link PublicationFrameReader} reads them.
 *
 * <p>What is written is what {@code link.proto} says. Belongs to the mesh thread.
 */
final class PublicationFrameWriter {

    private final PublicationCodec codec;
    private final PlaceTexts places;

    PublicationFrameWriter(PublicationCodec codec, PlaceTexts places) {
        this.codec = codec;
        this.places = places;
    }

    /** Appends the frame as the field of a {@code LinkFrame}. */
    void write(ByteBuf out, Frame.Forward forward, long wallMillis) {
        var frame = ProtoWriter.begin(out, LinkFrame.FORWARD_FIELD_NUMBER);
        place(out, ForwardFrame.SOURCE_FIELD_NUMBER, forward.source());
        publication(out, ForwardFrame.PUBLICATION_FIELD_NUMBER, forward.publication(), wallMillis);
        for (Place target : forward.targets()) {
            place(out, ForwardFrame.TARGETS_FIELD_NUMBER, target);
        }
        for (GroupGrant grant : forward.grants()) {
            grant(out, ForwardFrame.GRANTS_FIELD_NUMBER, grant);
        }
        ProtoWriter.varint(out, ForwardFrame.HOPS_FIELD_NUMBER, forward.hops());
        ProtoWriter.end(out, frame);
    }

    /** Appends the frame as the field of a {@code LinkFrame}. */
    void write(ByteBuf out, Frame.LaneData data, long wallMillis) {
        var frame = ProtoWriter.begin(out, LinkFrame.LANE_DATA_FIELD_NUMBER);
        lane(out, LaneDataFrame.LANE_FIELD_NUMBER, data.lane());
        ProtoWriter.varint(out, LaneDataFrame.FLOOR_FIELD_NUMBER, data.floor());
        ProtoWriter.varint(out, LaneDataFrame.NUMBER_FIELD_NUMBER, data.number());
        publication(out, LaneDataFrame.PUBLICATION_FIELD_NUMBER, data.publication(), wallMillis);
        for (GroupGrant grant : data.waybill().grants()) {
            grant(out, LaneDataFrame.GRANTS_FIELD_NUMBER, grant);
        }
        ProtoWriter.varint(out, LaneDataFrame.HOPS_FIELD_NUMBER, data.hops());
        for (Place onward : data.waybill().onward()) {
            place(out, LaneDataFrame.ONWARD_FIELD_NUMBER, onward);
        }
        if (data.waybill().grantedOnly()) {
            ProtoWriter.varint(out, LaneDataFrame.GRANTED_ONLY_FIELD_NUMBER, 1);
        }
        ProtoWriter.end(out, frame);
    }

    private void lane(ByteBuf out, int field, LaneKey lane) {
        var message = ProtoWriter.begin(out, field);
        place(out, Lane.SOURCE_FIELD_NUMBER, lane.source());
        ProtoWriter.varint(out, Lane.SOURCE_BOOT_FIELD_NUMBER, lane.sourceBoot());
        place(out, Lane.DESTINATION_FIELD_NUMBER, lane.destination());
        ProtoWriter.varint(out, Lane.SLOT_FIELD_NUMBER, lane.slot());
        ProtoWriter.end(out, message);
    }

    private void publication(ByteBuf out, int field, Publication publication, long wallMillis) {
        var message = ProtoWriter.begin(out, field);
        var id = publication.id();
        ProtoWriter.fixed64(out, CanonicalPublication.ORIGIN_FIELD_NUMBER, id.origin());
        ProtoWriter.varint(out, CanonicalPublication.ORIGIN_BOOT_FIELD_NUMBER, id.boot());
        ProtoWriter.varint(out, CanonicalPublication.ORIGIN_NUMBER_FIELD_NUMBER, id.number());
        ProtoWriter.fixed64(out, CanonicalPublication.TIMESTAMP_FIELD_NUMBER, publication.timestamp());
        ProtoWriter.fixed64(out, CanonicalPublication.PUBLISHER_HASH_FIELD_NUMBER, publication.publisherHash());
        ProtoWriter.text(out, CanonicalPublication.TOPIC_FIELD_NUMBER, publication.topic());
        ProtoWriter.varint(
                out, CanonicalPublication.QOS_FIELD_NUMBER, publication.qos().value());
        if (publication.retain()) {
            ProtoWriter.varint(out, CanonicalPublication.RETAIN_FIELD_NUMBER, 1);
        }
        if (publication.expiresAtMillis() != Publication.NEVER) {
            ProtoWriter.varint(
                    out,
                    CanonicalPublication.REMAINING_EXPIRY_MILLIS_FIELD_NUMBER,
                    FrameEncoder.remainingMillis(publication, wallMillis));
        }
        ProtoWriter.lengthOfBytes(
                out, CanonicalPublication.PUBLISH_PACKET_FIELD_NUMBER, codec.canonicalSize(publication));
        codec.writeCanonical(publication, out);
        ProtoWriter.end(out, message);
    }

    private void grant(ByteBuf out, int field, GroupGrant grant) {
        var message = ProtoWriter.begin(out, field);
        place(out, Grant.TARGET_FIELD_NUMBER, grant.target());
        ProtoWriter.text(out, Grant.GROUP_FIELD_NUMBER, grant.group());
        ProtoWriter.text(out, Grant.FILTER_FIELD_NUMBER, grant.filter());
        ProtoWriter.end(out, message);
    }

    private void place(ByteBuf out, int field, Place place) {
        ProtoWriter.text(out, field, places.text(place));
    }
}
