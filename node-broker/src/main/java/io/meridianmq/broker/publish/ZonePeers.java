package io.meridianmq.broker.publish;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import java.util.List;
import java.util.function.Consumer;

/** The other nodes of this node's zone, for questions to them. Any thread. */
public interface ZonePeers {

    /** Those that are live now, as far as this node knows; without this node. */
    List<Place> others();

    /**
     * Asks one of them.
     *
     * @param onAnswer called at most once, on any thread, possibly during this call; never if no answer comes.
     *     Publications in the answer are borrowed for the call, and their bytes may be views of everything that arrived
     *     with them
     */
    void ask(Place node, Question question, Consumer<Answer> onAnswer);
}
