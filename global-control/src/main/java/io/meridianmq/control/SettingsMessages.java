package io.meridianmq.control;

import com.google.protobuf.Timestamp;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.GlobalTopic;
import io.meridianmq.fabric.settings.SettingsVersion;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Settings in the words of the admin interface. Any thread may call. */
final class SettingsMessages {

    private SettingsMessages() {}

    /** A version with what it sets. */
    static io.meridianmq.proto.admin.v1.SettingsVersion whole(SettingsVersion version) {
        var settings = version.settings();
        return head(version).toBuilder()
                .putAllValues(settings.values())
                .addAllTopics(settings.topics().values().stream()
                        .map(SettingsMessages::topic)
                        .toList())
                .build();
    }

    /** A version without what it sets. */
    static io.meridianmq.proto.admin.v1.SettingsVersion head(SettingsVersion version) {
        var head = io.meridianmq.proto.admin.v1.SettingsVersion.newBuilder()
                .setVersion(version.number())
                .setAuthor(version.author())
                .setComment(version.comment())
                .setChange(version.change());
        if (version.number() > 0) {
            var at = version.writtenAt();
            head.setWrittenAt(
                    Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()));
        }
        return head.build();
    }

    static io.meridianmq.proto.admin.v1.GlobalTopic topic(GlobalTopic topic) {
        return io.meridianmq.proto.admin.v1.GlobalTopic.newBuilder()
                .setFilter(topic.filter())
                .addAllFrom(texts(topic.from()))
                .addAllTo(texts(topic.to()))
                .build();
    }

    /** Refuses what cannot be a global topic. */
    static GlobalTopic topic(io.meridianmq.proto.admin.v1.GlobalTopic message) {
        try {
            return new GlobalTopic(
                    message.getFilter(), regions("from", message.getFromList()), regions("to", message.getToList()));
        } catch (IllegalArgumentException e) {
            throw Requests.invalid("topic: " + e.getMessage());
        }
    }

    private static Collection<String> texts(SortedSet<Place> regions) {
        return regions.stream().map(Place::toString).toList();
    }

    private static SortedSet<Place> regions(String field, Collection<String> texts) {
        var regions = new TreeSet<Place>();
        texts.forEach(text -> regions.add(Requests.place(field, text, Place.Level.REGION)));
        return regions;
    }
}
