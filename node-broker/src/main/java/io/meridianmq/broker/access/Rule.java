package io.meridianmq.broker.access;

/**
 * One line of an ACL file.
 *
 * @param allows whether it allows or denies
 * @param action what it is about
 */
record Rule(boolean allows, Action action, RuleFilter filter) {

    /** What a client wants to do with a topic or a filter. */
    enum Action {
        PUBLISH,
        SUBSCRIBE,
        BOTH;

        boolean isAbout(Action wanted) {
            return this == BOTH || this == wanted;
        }
    }
}
