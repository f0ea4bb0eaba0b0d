package io.meridianmq.core.settings;

import io.meridianmq.core.place.Place;
import io.meridianmq.topic.MatchSink;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;

/**
 * What may go from one region to another.
 *
 * <p>Two modes, by the setting {@value #KEY}: {@code interest}, the default, lets through whatever is wanted there;
 * {@code listed} only what a global topic allows. Decided where the publication enters the platform, so that what may not
 * go costs no link.
 *
 * <p>Immutable; any thread may call. Costs nothing in the first mode, one look-up per region in the second.
 */
public final class CrossRegion {

    /** Key of the mode among the values of {@link PlatformSettings}. */
    public static final String KEY = "cross-region";

    /** What lets through, by default and where the value of {@link #KEY} says so. */
    public static final String INTEREST = "interest";

    /** The value of {@link #KEY} that lets through what is listed only. */
    public static final String LISTED = "listed";

    /** Lets everything through. */
    public static final CrossRegion OPEN = new CrossRegion(true, PlatformSettings.NONE);

    /** What is said about one topic and one way. */
    public enum Verdict {
        ALLOWED(""),
        /** No global topic matches. */
        NOT_LISTED("blocked, since no global topic matches"),
        /** A global topic matches, but is not for this way. */
        WRONG_WAY("blocked, since no global topic that matches may go this way");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** Why not, in words for an operator. */
        public String words() {
            return words;
        }
    }

    private final boolean open;
    private final SubscriptionTrie<GlobalTopic> topics = new SubscriptionTrie<>();

    private CrossRegion(boolean open, PlatformSettings settings) {
        this.open = open;
        settings.topics().values().forEach(topic -> topics.add(TopicFilter.of(topic.filter()), topic));
    }

    /** What these settings say. A mode that this version does not know lets nothing but the listed topics through. */
    public static CrossRegion of(PlatformSettings settings) {
        var mode = settings.value(KEY).orElse(INTEREST);
        return mode.equals(INTEREST) ? OPEN : new CrossRegion(false, settings);
    }

    /** Whether everything may go everywhere, so that there is nothing to ask. */
    public boolean isOpen() {
        return open;
    }

    /** Whether a publication on this topic may go from one region to another. */
    public Verdict ask(String topic, Place fromRegion, Place toRegion) {
        if (open) {
            return Verdict.ALLOWED;
        }
        var found = new Found(fromRegion, toRegion);
        topics.match(topic, found);
        return found.verdict;
    }

    private static final class Found implements MatchSink<GlobalTopic> {

        private final Place from;
        private final Place to;
        private Verdict verdict = Verdict.NOT_LISTED;

        Found(Place from, Place to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public void matched(GlobalTopic topic) {
            if (topic.mayGo(from, to)) {
                verdict = Verdict.ALLOWED;
            } else if (verdict == Verdict.NOT_LISTED) {
                verdict = Verdict.WRONG_WAY;
            }
        }
    }
}
