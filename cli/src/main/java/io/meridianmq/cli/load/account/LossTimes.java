package io.meridianmq.cli.load.account;

import java.util.ArrayList;
import java.util.List;

/**
 * When the messages that were lost had been sent: spans of time with a count each. What lies within a second of a span
 * belongs to it. At most {@value #SPANS_MAX} spans: beyond, the two that are closest become one.
 */
final class LossTimes {

    static final int SPANS_MAX = 32;

    private static final long CLOSE_MILLIS = 1_000;

    /** By time, apart from each other. */
    private final List<LossSpan> spans = new ArrayList<>();

    void add(long sentMillis) {
        spans.add(indexBehind(sentMillis), new LossSpan(sentMillis, sentMillis, 1));
        for (var index = spans.size() - 1; index > 0; index--) {
            if (gapBefore(index) <= CLOSE_MILLIS) {
                join(index);
            }
        }
        if (spans.size() > SPANS_MAX) {
            join(closest());
        }
    }

    /** Takes one back that had been added: it arrived late. */
    void remove(long sentMillis) {
        for (var index = 0; index < spans.size(); index++) {
            var span = spans.get(index);
            if (span.fromMillis() <= sentMillis && sentMillis <= span.toMillis()) {
                if (span.count() == 1) {
                    spans.remove(index);
                } else {
                    spans.set(index, new LossSpan(span.fromMillis(), span.toMillis(), span.count() - 1));
                }
                return;
            }
        }
    }

    List<LossSpan> spans() {
        return List.copyOf(spans);
    }

    private int indexBehind(long sentMillis) {
        var index = spans.size();
        while (index > 0 && spans.get(index - 1).fromMillis() > sentMillis) {
            index--;
        }
        return index;
    }

    private long gapBefore(int index) {
        return spans.get(index).fromMillis() - spans.get(index - 1).toMillis();
    }

    private void join(int index) {
        var later = spans.remove(index);
        var earlier = spans.get(index - 1);
        spans.set(
                index - 1,
                new LossSpan(
                        earlier.fromMillis(),
                        Math.max(earlier.toMillis(), later.toMillis()),
                        earlier.count() + later.count()));
    }

    private int closest() {
        var closest = 1;
        for (var index = 2; index < spans.size(); index++) {
            if (gapBefore(index) < gapBefore(closest)) {
                closest = index;
            }
        }
        return closest;
    }
}
