package io.meridianmq.fabric.link;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;

/** The publications in a frame, for ending a share of their bytes. */
final class Shares {

    private Shares() {}

    static void release(Frame frame) {
        switch (frame) {
            case Frame.Forward forward -> forward.publication().release();
            case Frame.LaneData data -> data.publication().release();
            case Frame.Response response -> {
                if (response.answer() instanceof Answer.RetainedFound retained) {
                    retained.found().forEach(Publication::release);
                }
            }
            case Frame.Request request -> {
                if (request.question() instanceof Question.RetainedPut put) {
                    put.publications().forEach(Publication::release);
                }
            }
            case Frame.LaneAck _,
                    Frame.InterestSnapshot _,
                    Frame.InterestDelta _,
                    Frame.InterestAck _,
                    Frame.InterestSummary _,
                    Frame.DigestFrame _,
                    Frame.Between _,
                    Frame.SettingsFrame _,
                    Frame.Report _ -> {}
        }
    }
}
