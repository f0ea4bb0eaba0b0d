package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.meridianmq.proto.link.v1.CanonicalPublication;
import io.meridianmq.proto.link.v1.LinkFrame;

/** Gives the publications of a frame bytes of their own, in place of views into buffers that hold much else. */
final class OwnBytes {

    private OwnBytes() {}

    static LinkFrame of(LinkFrame frame) {
        return switch (frame.getFrameCase()) {
            case FORWARD -> {
                var copy = frame.toBuilder();
                own(copy.getForwardBuilder().getPublicationBuilder());
                yield copy.build();
            }
            case LANE_DATA -> {
                var copy = frame.toBuilder();
                own(copy.getLaneDataBuilder().getPublicationBuilder());
                yield copy.build();
            }
            case REQUEST -> ofRequest(frame);
            case RESPONSE -> ofResponse(frame);
            case HELLO,
                    HEARTBEAT,
                    HEARTBEAT_ANSWER,
                    LANE_ACK,
                    INTEREST_SNAPSHOT,
                    INTEREST_DELTA,
                    INTEREST_ACK,
                    INTEREST_SUMMARY,
                    DIGEST_OFFER,
                    DIGEST_PART,
                    DIGEST_CHANGE,
                    DIGEST_ACK,
                    BETWEEN,
                    SETTINGS,
                    SETTINGS_HELD,
                    REPORT,
                    FRAME_NOT_SET -> frame;
        };
    }

    private static LinkFrame ofRequest(LinkFrame frame) {
        if (!frame.getRequest().hasRetainedPut()) {
            return frame;
        }
        var copy = frame.toBuilder();
        copy.getRequestBuilder()
                .getRetainedPutBuilder()
                .getPublicationsBuilderList()
                .forEach(OwnBytes::own);
        return copy.build();
    }

    private static LinkFrame ofResponse(LinkFrame frame) {
        if (!frame.getResponse().hasRetainedFound()) {
            return frame;
        }
        var copy = frame.toBuilder();
        copy.getResponseBuilder()
                .getRetainedFoundBuilder()
                .getPublicationsBuilderList()
                .forEach(OwnBytes::own);
        return copy.build();
    }

    private static void own(CanonicalPublication.Builder publication) {
        publication.setPublishPacket(copyOf(publication.getPublishPacket()));
    }

    private static ByteString copyOf(ByteString bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.toByteArray());
    }
}
