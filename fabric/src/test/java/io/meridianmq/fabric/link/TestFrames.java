package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Simple frames, told apart by a number. */
final class TestFrames {

    private static final Place SOURCE = Place.node("us", "a", "1");
    private static final Place DESTINATION = Place.node("us", "a", "2");

    private TestFrames() {}

    static Frame.Forward forward(int number, int payloadBytes) {
        return forward(number, bytes(payloadBytes));
    }

    static Frame.Forward forward(int number, PublicationBytes bytes) {
        return new Frame.Forward(SOURCE, publication(number, bytes), List.of(DESTINATION), List.of(), 0);
    }

    static Frame.LaneData laneData(int number, int payloadBytes) {
        var lane = new LaneKey(SOURCE, 1, DESTINATION, 0);
        return new Frame.LaneData(lane, 1, number, publication(number, bytes(payloadBytes)), Waybill.NONE, 0);
    }

    static <F extends Frame> List<F> many(int count, IntFunction<F> maker) {
        return IntStream.rangeClosed(1, count).mapToObj(maker).toList();
    }

    private static PublicationBytes bytes(int payloadBytes) {
        return new OpaqueBytes(ByteString.copyFrom(new byte[payloadBytes]));
    }

    private static Publication publication(int number, PublicationBytes bytes) {
        var id = new PublicationId(7, 1, number);
        return new Publication(id, number, 0, "plant/1/temp", Qos.AT_MOST_ONCE, false, Publication.NEVER, bytes);
    }
}
