package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.OutgoingPublish;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers that the server uses for topics on one connection: the topics that were sent last have one. A number that is
 * needed for another topic is told anew with that. [MQTT-3.1.2-26] [MQTT-3.3.2-11]
 *
 * <p>Belongs to the connection's loop. Lives and dies with the connection. [MQTT-3.3.2-7]
 */
final class OutboundAliases {

    private final int max;

    /** From the topic used longest ago to the one used last. */
    private final Map<String, Integer> aliases = new LinkedHashMap<>(8, 0.75f, true);

    /** A number between others that stands for nothing; 0 if there is none. */
    private int free;

    /** @param max highest alias, at least 1 */
    OutboundAliases(int max) {
        assert max > 0 : max;
        this.max = max;
    }

    /**
     * Has a message to this topic sent with an alias, without the topic if the client knows what it stands for.
     *
     * @return whether the message tells the client the alias; if it is not sent after all, {@link #untold} has to be called
     */
    boolean use(String topic, OutgoingPublish how) {
        var known = aliases.get(topic);
        if (known != null) {
            how.topicAlias(known, true);
            return false;
        }
        var alias = next();
        aliases.put(topic, alias);
        how.topicAlias(alias, false);
        return true;
    }

    /** The message that was to tell the alias of this topic was not sent. */
    void untold(String topic) {
        var alias = aliases.remove(topic);
        if (alias != null) {
            free = alias;
        }
    }

    private int next() {
        if (free != 0) {
            var alias = free;
            free = 0;
            return alias;
        }
        if (aliases.size() < max) {
            return aliases.size() + 1;
        }
        var oldest = aliases.entrySet().iterator();
        int alias = oldest.next().getValue();
        oldest.remove();
        return alias;
    }
}
