package io.meridianmq.broker.sys;

import io.meridianmq.broker.sys.SysTopics.Figure;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Which figures there are, under Mosquitto's names. */
public final class SysFigures {

    private static final String BROKER = "$SYS/broker/";

    private SysFigures() {}

    /**
     * Where the figures come from; all of them are called by one thread and must not block.
     *
     * @param uptimeSeconds since the node started
     * @param connections network connections of clients
     * @param sessions with and without a connection
     * @param subscriptions of all sessions
     * @param retained messages that the node keeps, about
     * @param packetsReceived of any type
     * @param packetsSent of any type
     * @param messagesReceived PUBLISH packets of clients
     * @param messagesSent copies handed to sessions
     * @param messagesDropped copies that sessions could not deliver
     */
    public record Sources(
            LongSupplier uptimeSeconds,
            LongSupplier connections,
            LongSupplier sessions,
            LongSupplier subscriptions,
            LongSupplier retained,
            LongSupplier packetsReceived,
            LongSupplier packetsSent,
            LongSupplier bytesReceived,
            LongSupplier bytesSent,
            LongSupplier messagesReceived,
            LongSupplier messagesSent,
            LongSupplier messagesDropped) {}

    /** All of them. */
    public static List<Figure> of(Sources sources) {
        return List.of(
                new Figure(BROKER + "version", SysFigures::version),
                new Figure(BROKER + "uptime", () -> sources.uptimeSeconds().getAsLong() + " seconds"),
                number("clients/connected", sources.connections()),
                number(
                        "clients/disconnected",
                        () -> Math.max(
                                0,
                                sources.sessions().getAsLong()
                                        - sources.connections().getAsLong())),
                number("clients/total", sources.sessions()),
                number("subscriptions/count", sources.subscriptions()),
                number("retained messages/count", sources.retained()),
                number("messages/received", sources.packetsReceived()),
                number("messages/sent", sources.packetsSent()),
                number("bytes/received", sources.bytesReceived()),
                number("bytes/sent", sources.bytesSent()),
                number("publish/messages/received", sources.messagesReceived()),
                number("publish/messages/sent", sources.messagesSent()),
                number("publish/messages/dropped", sources.messagesDropped()));
    }

    private static Figure number(String topic, LongSupplier value) {
        Supplier<String> written = () -> Long.toString(value.getAsLong());
        return new Figure(BROKER + topic, written);
    }

    private static String version() {
        var release = Optional.ofNullable(SysFigures.class.getPackage().getImplementationVersion());
        return "Meridian " + release.orElse("in development");
    }
}
