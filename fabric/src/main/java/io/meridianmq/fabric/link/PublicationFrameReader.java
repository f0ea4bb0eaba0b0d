package io.meridianmq.fabric.link;

import com.google.protobuf.WireFormat;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.proto.link.v1.CanonicalPublication;
import io.meridianmq.proto.link.v1.ForwardFrame;
import io.meridianmq.proto.link.v1.Grant;
import io.meridianmq.proto.link.v1.Lane;
import io.meridianmq.proto.link.v1.LaneDataFrame;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the frames that carry one publication from the batch they arrived in, without a copy of the message and without
 * an object for each part; {@link PublicationFrameWriter} writes them.
 *
 * <p>Fields may come in any order; one it does not know is ignored, one that is missing has its default, as everywhere in
 * protobuf. Belongs to the mesh thread. Every method throws {@link IllegalArgumentException} for what no correct sender
 * sends.
 */
final class PublicationFrameReader {

    private static final int VARINT = WireFormat.WIRETYPE_VARINT;
    private static final int FIXED64 = WireFormat.WIRETYPE_FIXED64;
    private static final int LENGTH = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final PublicationCodec codec;
    private final PlaceTexts places;
    private final KnownTexts texts = new KnownTexts();

    PublicationFrameReader(PublicationCodec codec, PlaceTexts places) {
        this.codec = codec;
        this.places = places;
    }

    // Publications are read last, so that little can fail while their bytes are held; what can releases them.

    /** Reads a {@code ForwardFrame}, with one share of its publication's bytes for the caller. */
    Frame.Forward forward(ProtoReader in, long wallMillis) {
        var source = "";
        var publication = ProtoReader.EMPTY;
        var targets = new ArrayList<Place>(1);
        List<GroupGrant> grants = List.of();
        var hops = 0;
        while (in.hasMore()) {
            var tag = in.tag();
            switch (tag) {
                case ForwardFrame.SOURCE_FIELD_NUMBER << 3 | LENGTH -> source = in.text(texts);
                case ForwardFrame.PUBLICATION_FIELD_NUMBER << 3 | LENGTH -> publication = in.message();
                case ForwardFrame.TARGETS_FIELD_NUMBER << 3 | LENGTH -> targets.add(place(in));
                case ForwardFrame.GRANTS_FIELD_NUMBER << 3 | LENGTH -> grants = with(grants, grant(in.message()));
                case ForwardFrame.HOPS_FIELD_NUMBER << 3 | VARINT -> hops = in.varint32();
                default -> in.skip(tag);
            }
        }
        var from = places.place(source);
        return new Frame.Forward(from, publication(publication, wallMillis), targets, grants, hops);
    }

    /** Reads a {@code LaneDataFrame}, with one share of its publication's bytes for the caller. */
    Frame.LaneData laneData(ProtoReader in, long wallMillis) {
        var lane = ProtoReader.EMPTY;
        var floor = 0L;
        var number = 0L;
        var encoded = ProtoReader.EMPTY;
        List<GroupGrant> grants = List.of();
        List<Place> onward = List.of();
        var grantedOnly = false;
        var hops = 0;
        while (in.hasMore()) {
            var tag = in.tag();
            switch (tag) {
                case LaneDataFrame.LANE_FIELD_NUMBER << 3 | LENGTH -> lane = in.message();
                case LaneDataFrame.FLOOR_FIELD_NUMBER << 3 | VARINT -> floor = in.varint();
                case LaneDataFrame.NUMBER_FIELD_NUMBER << 3 | VARINT -> number = in.varint();
                case LaneDataFrame.PUBLICATION_FIELD_NUMBER << 3 | LENGTH -> encoded = in.message();
                case LaneDataFrame.GRANTS_FIELD_NUMBER << 3 | LENGTH -> grants = with(grants, grant(in.message()));
                case LaneDataFrame.HOPS_FIELD_NUMBER << 3 | VARINT -> hops = in.varint32();
                case LaneDataFrame.ONWARD_FIELD_NUMBER << 3 | LENGTH -> onward = with(onward, place(in));
                case LaneDataFrame.GRANTED_ONLY_FIELD_NUMBER << 3 | VARINT -> grantedOnly = in.varint() != 0;
                default -> in.skip(tag);
            }
        }
        var key = lane(lane);
        var waybill = grants.isEmpty() && onward.isEmpty() && !grantedOnly
                ? Waybill.NONE
                : new Waybill(grants, onward, grantedOnly);
        var publication = publication(encoded, wallMillis);
        try {
            return new Frame.LaneData(key, floor, number, publication, waybill, hops);
        } catch (IllegalArgumentException e) {
            publication.release();
            throw e;
        }
    }

    private LaneKey lane(ProtoReader in) {
        var source = "";
        var sourceBoot = 0L;
        var destination = "";
        var slot = 0;
        while (in.hasMore()) {
            var tag = in.tag();
            switch (tag) {
                case Lane.SOURCE_FIELD_NUMBER << 3 | LENGTH -> source = in.text(texts);
                case Lane.SOURCE_BOOT_FIELD_NUMBER << 3 | VARINT -> sourceBoot = in.varint();
                case Lane.DESTINATION_FIELD_NUMBER << 3 | LENGTH -> destination = in.text(texts);
                case Lane.SLOT_FIELD_NUMBER << 3 | VARINT -> slot = in.varint32();
                default -> in.skip(tag);
            }
        }
        return new LaneKey(places.place(source), sourceBoot, places.place(destination), slot);
    }

    private Publication publication(ProtoReader in, long wallMillis) {
        var origin = 0L;
        var boot = 0L;
        var number = 0L;
        var timestamp = 0L;
        var publisherHash = 0L;
        var topic = "";
        var qos = 0;
        var retain = false;
        var expiresAtMillis = Publication.NEVER;
        var packet = Unpooled.EMPTY_BUFFER;
        while (in.hasMore()) {
            var tag = in.tag();
            switch (tag) {
                case CanonicalPublication.ORIGIN_FIELD_NUMBER << 3 | FIXED64 -> origin = in.fixed64();
                case CanonicalPublication.ORIGIN_BOOT_FIELD_NUMBER << 3 | VARINT -> boot = in.varint();
                case CanonicalPublication.ORIGIN_NUMBER_FIELD_NUMBER << 3 | VARINT -> number = in.varint();
                case CanonicalPublication.TIMESTAMP_FIELD_NUMBER << 3 | FIXED64 -> timestamp = in.fixed64();
                case CanonicalPublication.PUBLISHER_HASH_FIELD_NUMBER << 3 | FIXED64 -> publisherHash = in.fixed64();
                case CanonicalPublication.TOPIC_FIELD_NUMBER << 3 | LENGTH -> topic = in.text(texts);
                case CanonicalPublication.QOS_FIELD_NUMBER << 3 | VARINT -> qos = in.varint32();
                case CanonicalPublication.RETAIN_FIELD_NUMBER << 3 | VARINT -> retain = in.varint() != 0;
                case CanonicalPublication.REMAINING_EXPIRY_MILLIS_FIELD_NUMBER << 3 | VARINT ->
                    expiresAtMillis = FrameDecoder.expiresAtMillis(in.varint(), wallMillis);
                case CanonicalPublication.PUBLISH_PACKET_FIELD_NUMBER << 3 | LENGTH -> packet = in.bytes();
                default -> in.skip(tag);
            }
        }
        return new Publication(
                new PublicationId(origin, boot, number),
                timestamp,
                publisherHash,
                topic,
                Qos.of(qos),
                retain,
                expiresAtMillis,
                codec.fromCanonical(packet));
    }

    private GroupGrant grant(ProtoReader in) {
        var target = "";
        var group = "";
        var filter = "";
        while (in.hasMore()) {
            var tag = in.tag();
            switch (tag) {
                case Grant.TARGET_FIELD_NUMBER << 3 | LENGTH -> target = in.text(texts);
                case Grant.GROUP_FIELD_NUMBER << 3 | LENGTH -> group = in.text(texts);
                case Grant.FILTER_FIELD_NUMBER << 3 | LENGTH -> filter = in.text(texts);
                default -> in.skip(tag);
            }
        }
        return new GroupGrant(places.place(target), group, filter);
    }

    private Place place(ProtoReader in) {
        return places.place(in.text(texts));
    }

    private static <T> List<T> with(List<T> few, T more) {
        var all = few.isEmpty() ? new ArrayList<T>(2) : few;
        all.add(more);
        return all;
    }
}
