package io.meridianmq.control;

import io.meridianmq.core.link.Answer;

/** What became of a question. */
sealed interface Reply {

    /** The component answered. */
    record Answered(Answer answer) implements Reply {}

    /** There is no answer; {@code reason} says why, in words for an operator. */
    record Missing(String reason) implements Reply {}
}
