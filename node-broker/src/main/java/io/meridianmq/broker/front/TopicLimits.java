package io.meridianmq.broker.front;

import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.fabric.config.Section;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * How large topics may be, and how many a client may ask for at once.
 *
 * @param lengthMax bytes of a topic name or filter, 1..65535
 * @param levelsMax levels of these, 1..65536
 * @param filtersMax topic filters of one SUBSCRIBE; the others are refused
 */
public record TopicLimits(int lengthMax, int levelsMax, int filtersMax) {

    /** What holds where a configuration says nothing. */
    public static final TopicLimits DEFAULT = new TopicLimits(65_535, 200, 10_000);

    private static final int UTF8_BYTES_MAX = 3;

    static TopicLimits read(Section section, TopicLimits fallback) {
        return new TopicLimits(
                section.integer("topic-length-max", fallback.lengthMax, 1, 65_535),
                section.integer("topic-levels-max", fallback.levelsMax, 1, 65_536),
                section.integer("filters-per-subscribe-max", fallback.filtersMax, 1, 1_000_000));
    }

    /** Whether a topic name or filter is not too large; most are too short for any doubt. */
    boolean allow(String topic) {
        return (topic.length() < levelsMax || levels(topic) <= levelsMax)
                && (topic.length() <= lengthMax / UTF8_BYTES_MAX || ByteBufUtil.utf8Bytes(topic) <= lengthMax);
    }

    /**
     * What becomes of the subscriptions of a packet.
     *
     * @param rights one for each: success, or why it is refused already
     * @return the same, with further refusals
     */
    List<ReasonCode> verdicts(SubscribePacket packet, List<ReasonCode> rights) {
        var verdicts = new ArrayList<ReasonCode>(rights.size());
        for (var i = 0; i < rights.size(); i++) {
            if (rights.get(i).isFailure()) {
                verdicts.add(rights.get(i));
            } else if (i >= filtersMax) {
                verdicts.add(ReasonCode.QUOTA_EXCEEDED);
            } else if (allow(packet.subscriptions().get(i).topicFilter().text())) {
                verdicts.add(ReasonCode.SUCCESS);
            } else {
                verdicts.add(ReasonCode.TOPIC_FILTER_INVALID);
            }
        }
        return verdicts;
    }

    private static int levels(String topic) {
        var levels = 1;
        for (var i = topic.indexOf('/'); i >= 0; i = topic.indexOf('/', i + 1)) {
            levels++;
        }
        return levels;
    }
}
