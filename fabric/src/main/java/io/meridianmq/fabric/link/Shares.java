package io.meridianmq.fabric.link;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;
import java.util.List;

/** The publications in a frame, for taking and ending a share of their bytes. */
final class Shares {

    private Shares() {}

    static void take(Frame frame) {
        for (Publication publication : publications(frame)) {
            publication.bytes().share();
        }
    }

    static void release(Frame frame) {
        for (Publication publication : publications(frame)) {
            publication.release();
        }
    }

    private static List<Publication> publications(Frame frame) {
        return switch (frame) {
            case Frame.Forward forward -> List.of(forward.publication());
            case Frame.LaneData data -> List.of(data.publication());
            case Frame.Response response ->
                switch (response.answer()) {
                    case Answer.RetainedFound retained -> retained.found();
                    case Answer.Explained _,
                            Answer.Refused _,
                            Answer.RetainedKept _,
                            Answer.RetainedSummed _,
                            Answer.Outcome _ -> List.of();
                };
            case Frame.Request request ->
                switch (request.question()) {
                    case Question.RetainedPut put -> put.publications();
                    case Question.Explain _, Question.RetainedLookup _, Question.RetainedSum _, Question.Operation _ ->
                        List.of();
                };
            case Frame.LaneAck _,
                    Frame.InterestSnapshot _,
                    Frame.InterestDelta _,
                    Frame.InterestAck _,
                    Frame.InterestSummary _,
                    Frame.DigestFrame _,
                    Frame.Between _,
                    Frame.SettingsFrame _,
                    Frame.Report _ -> List.of();
        };
    }
}
