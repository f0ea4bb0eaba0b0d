package io.meridianmq.broker.publish;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One question that all nodes of the zone are asked at once. Any thread; each {@code on…} method says whether it was the
 * event with which the round is over, which is true of one event alone.
 */
final class ZoneRound {

    private final Question.RetainedLookup question;
    private final Place self;
    private final int asked;
    private final Set<Place> awaited;
    private final List<Place> answered = new ArrayList<>();
    private final NewestVersions newest;

    /** @param others whom to ask beside this node */
    ZoneRound(Question.RetainedLookup question, Place self, List<Place> others) {
        this.question = question;
        this.self = self;
        this.awaited = new HashSet<>(others);
        this.awaited.add(self);
        this.asked = awaited.size();
        this.newest = new NewestVersions(question.afterTopic());
    }

    Question.RetainedLookup question() {
        return question;
    }

    /** @param answer borrowed for the call */
    synchronized boolean onAnswer(Place node, Answer.RetainedFound answer) {
        if (!awaited.remove(node)) {
            return false; // Too late, or given twice.
        }
        // What came over a link lies in the memory of all that came with it, and a subscriber may be slow.
        UnaryOperator<Publication> keep = node.equals(self) ? Publication::share : Publication::shareForLong;
        if (newest.add(answer, keep)) {
            answered.add(node);
        }
        return awaited.isEmpty();
    }

    /** There will be no answer from this node. */
    synchronized boolean onNoAnswer(Place node) {
        return awaited.remove(node) && awaited.isEmpty();
    }

    /** Other nodes have had their time. This node is waited for: it has nobody else to be asked by. */
    synchronized boolean onDeadline() {
        return awaited.retainAll(Set.of(self)) && awaited.isEmpty();
    }

    synchronized boolean awaits(Place node) {
        return awaited.contains(node);
    }

    /** When the round is over: what was found. */
    synchronized NewestVersions.Page take(long nowMillis) {
        return newest.take(question.limit(), nowMillis);
    }

    /** When the round is over: who answered, without this node. */
    synchronized List<Place> othersAnswered() {
        return answered.stream().filter(node -> !node.equals(self)).toList();
    }

    /** When the round is over: how many nodes did not answer. */
    synchronized int missed() {
        return asked - answered.size();
    }
}
