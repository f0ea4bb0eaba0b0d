package io.meridianmq.fabric.settings;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.GlobalTopic;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.proto.settings.v1.Settings;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Turns settings into the form in which they travel and are kept, and back. Any thread may call. */
public final class SettingsMapping {

    private SettingsMapping() {}

    public static Settings encode(PlatformSettings settings) {
        var encoded = Settings.newBuilder().setVersion(settings.version()).putAllValues(settings.values());
        for (var topic : settings.topics().values()) {
            encoded.addTopics(io.meridianmq.proto.settings.v1.GlobalTopic.newBuilder()
                    .setFilter(topic.filter())
                    .addAllFrom(texts(topic.from()))
                    .addAllTo(texts(topic.to())));
        }
        return encoded.build();
    }

    /**
     * Reads the form in which settings travel.
     *
     * @throws IllegalArgumentException if it is not what {@link #encode} makes; the message says what is wrong
     */
    public static PlatformSettings decode(Settings encoded) {
        return PlatformSettings.of(
                encoded.getVersion(),
                encoded.getValuesMap(),
                encoded.getTopicsList().stream()
                        .map(topic -> new GlobalTopic(
                                topic.getFilter(), places(topic.getFromList()), places(topic.getToList())))
                        .toList());
    }

    private static Collection<String> texts(SortedSet<Place> places) {
        return places.stream().map(Place::toString).toList();
    }

    private static SortedSet<Place> places(Collection<String> texts) {
        var places = new TreeSet<Place>();
        texts.forEach(text -> places.add(Place.parse(text)));
        return places;
    }
}
