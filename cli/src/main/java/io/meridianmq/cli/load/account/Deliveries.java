package io.meridianmq.cli.load.account;

import java.util.List;

/**
 * What became of the messages of one QoS at one watcher.
 *
 * @param received different messages that came
 * @param late those of them that came after they had been given up
 * @param repeated copies of messages that had come already in the same session of the watcher
 * @param repeatedToNext copies of messages that had come in an earlier session of the watcher
 * @param outOfOrder came after a later one of the same connection of their device
 * @param overtaken came after a later one, and their device had connected again between the two
 * @param lost never came, though they were acknowledged (QoS 1 and 2) or sent (QoS 0)
 * @param missedAway never came, since the watcher was away: at QoS 1 and 2, since its session was gone
 * @param lossTimes when the lost ones were sent
 */
public record Deliveries(
        long received,
        long late,
        long repeated,
        long repeatedToNext,
        long outOfOrder,
        long overtaken,
        long lost,
        long missedAway,
        List<LossSpan> lossTimes) {

    public Deliveries {
        lossTimes = List.copyOf(lossTimes);
    }
}
