package io.meridianmq.topic;

/** Takes what a look-up finds, one at a time, on the thread that looks up. */
@FunctionalInterface
public interface MatchSink<V> {

    /** Called once for each match; it must not change what is being looked up in. */
    void matched(V value);
}
