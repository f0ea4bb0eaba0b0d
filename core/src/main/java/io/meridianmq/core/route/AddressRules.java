package io.meridianmq.core.route;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import java.util.ArrayList;
import java.util.List;

/**
 * Which topics carry their home: templates map levels of a topic to a place.
 *
 * <p>A template is a list of levels: literal text, {@code {region}}, {@code {zone}}, and after the last of these two
 * whatever describes the rest ({@code {key}}, {@code +}, {@code #}), which does not take part in matching. A topic
 * addresses the place whose levels it has: {@code device/us-east/a/k7} addresses {@code us-east/a}, and
 * {@code device/us-east} addresses {@code us-east}. A leading slash is ignored on both sides. The first template that
 * yields a place decides; a level that is not a valid name yields no place at that depth. A topic that ends where a
 * template still waits for its first place addresses nothing, since a longer topic would be that template's.
 *
 * <p>The same function reads topics and the literal prefixes of filters. A longer topic never loses the place of its
 * prefix, so a filter whose prefix addresses a place can only match topics that address that place or somewhere inside
 * it. That makes confinement sound.
 *
 * <p>Immutable; any thread may call.
 */
public final class AddressRules {

    /** The templates used when none are configured. */
    public static final List<String> DEFAULT_TEMPLATES =
            List.of("device/{region}/{zone}/{key}/#", "region/{region}/zone/{zone}/#", "region/{region}/#");

    private final List<Template> templates;

    private AddressRules(List<Template> templates) {
        this.templates = List.copyOf(templates);
    }

    /**
     * Compiles templates, in the order in which they are tried.
     *
     * @throws IllegalArgumentException if a template has no {@code {region}}, a {@code {zone}} before it, one of them
     *     twice, or a wildcard before the last of them
     */
    public static AddressRules of(List<String> templates) {
        var compiled = new ArrayList<Template>();
        templates.forEach(text -> compiled.add(Template.parse(text)));
        return new AddressRules(compiled);
    }

    /**
     * The place that a topic name, or the literal prefix of a filter, addresses; {@link Place#GLOBAL} for none. Allocates
     * nothing for one that addresses none.
     */
    public Place addressOf(String topic) {
        var start = topic.startsWith("/") ? 1 : 0;
        for (var i = 0; i < templates.size(); i++) {
            var match = templates.get(i).match(topic, start);
            if (match.decided()) {
                return match.place();
            }
        }
        return Place.GLOBAL;
    }

    /**
     * How far a filter must be advertised from {@code holder}: its zone if it can only match topics that address that
     * zone, its region if it can only match topics that address that region, else everywhere.
     *
     * @param filter a topic filter that is not a shared subscription
     */
    public Reach reachOf(String filter, Place holder) {
        var pinned = addressOf(literalPrefix(filter));
        if (pinned.level() == Place.Level.ZONE && pinned.equals(holder.inZone())) {
            return Reach.ZONE;
        }
        return !pinned.equals(Place.GLOBAL) && pinned.inRegion().equals(holder.inRegion())
                ? Reach.REGION
                : Reach.GLOBAL;
    }

    /**
     * Whether a filter can match a topic that addresses a place.
     *
     * @param filter a topic filter that is not a shared subscription
     */
    public boolean mayAddress(String filter) {
        var levels = List.of(filter.split("/", -1));
        var mayLead = levels.size() > 1
                && (levels.getFirst().isEmpty() || levels.getFirst().equals("+"));
        return templates.stream()
                .anyMatch(template ->
                        template.mayMatch(levels) || (mayLead && template.mayMatch(levels.subList(1, levels.size()))));
    }

    /** The levels before the first wildcard, without the slash that ends them. */
    static String literalPrefix(String filter) {
        var plus = filter.indexOf('+');
        var hash = filter.indexOf('#');
        var wildcard = plus < 0 ? hash : hash < 0 ? plus : Math.min(plus, hash);
        return wildcard < 0 ? filter : filter.substring(0, Math.max(0, wildcard - 1));
    }

    /** One compiled template: the levels up to the last placeholder of a place. */
    private record Template(List<String> levels) {

        private static final String REGION = "{region}";
        private static final String ZONE = "{zone}";

        static Template parse(String text) {
            var all = List.of((text.startsWith("/") ? text.substring(1) : text).split("/", -1));
            var region = all.indexOf(REGION);
            var zone = all.indexOf(ZONE);
            if (region < 0 || region != all.lastIndexOf(REGION) || zone != all.lastIndexOf(ZONE)) {
                throw new IllegalArgumentException(
                        "address template \"" + text + "\" must contain {region} exactly once and {zone} at most once");
            }
            if (zone >= 0 && zone < region) {
                throw new IllegalArgumentException(
                        "address template \"" + text + "\" must name {region} before {zone}");
            }
            var levels = all.subList(0, Math.max(region, zone) + 1);
            if (levels.contains("+")
                    || levels.contains("#")
                    || levels.getFirst().equals(REGION)) {
                throw new IllegalArgumentException("address template \"" + text
                        + "\" must start with a literal level and have no wildcard before its last place");
            }
            return new Template(List.copyOf(levels));
        }

        /** Whether a topic with a region at its place can match a filter of these levels. */
        boolean mayMatch(List<String> filter) {
            for (var i = 0; i < levels.size(); i++) {
                if (i == filter.size()) {
                    return false;
                }
                var wanted = filter.get(i);
                if (wanted.equals("#")) {
                    return true;
                }
                var level = levels.get(i);
                if (level.equals(REGION)) {
                    return wanted.equals("+") || Place.isName(wanted);
                }
                if (!wanted.equals("+") && !wanted.equals(level)) {
                    return false;
                }
            }
            return false;
        }

        Match match(String topic, int start) {
            var place = Place.GLOBAL;
            var from = start;
            for (var i = 0; i < levels.size(); i++) {
                var level = levels.get(i);
                if (from > topic.length()) {
                    return new Match(place, true);
                }
                var slash = topic.indexOf('/', from);
                var to = slash < 0 ? topic.length() : slash;
                if (level.equals(REGION) || level.equals(ZONE)) {
                    var name = topic.substring(from, to);
                    if (!Place.isName(name)) {
                        return Match.upTo(place);
                    }
                    place = level.equals(REGION) ? Place.region(name) : Place.zone(place.region(), name);
                } else if (to - from != level.length() || !topic.startsWith(level, from)) {
                    return Match.upTo(place);
                }
                from = to + 1;
            }
            return Match.upTo(place);
        }
    }

    /**
     * What one template says of a topic.
     *
     * @param decided whether no later template is to be asked
     */
    private record Match(Place place, boolean decided) {

        private static final Match NONE = new Match(Place.GLOBAL, false);

        static Match upTo(Place place) {
            return place.equals(Place.GLOBAL) ? NONE : new Match(place, true);
        }
    }
}
