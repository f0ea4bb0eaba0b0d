package io.meridianmq.core.interest;

import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a component's neighbours want, exactly: one writer, any number of lock-free readers, each through an {@link
 * InterestReader} of its own.
 *
 * <p>Literal filters, {@code prefix/#} and {@code prefix/+} are kept as 64-bit keys with a set of holders, at about 20
 * bytes each ({@link FilterHashes}); other shapes as text in a trie, and so are shared subscriptions. Filters with
 * wildcards that are announced to an {@link EntryListener} are kept as text whatever their shape, since who announces
 * them needs the text when they go.
 *
 * <p><b>Never a false negative.</b> Additions are made before removals; a snapshot becomes a new {@link Generation} beside
 * the one it replaces, which is retired only when the new one is complete. Retired generations are skipped by readers at
 * once, and {@link #upkeep} takes their entries out little by little. A key that two filters share is wanted as long as
 * either is; a collision only widens.
 *
 * <p><b>Why readers are right.</b> An entry's holders are one number, replaced by one store, which a reader loads with
 * acquire. What the number means (the set behind it, the generation behind a member) is looked up afterwards and may have
 * changed. Before the writer retires a generation, or uses a set's identifier or a generation's index again, it advances
 * one epoch; a reader that finds another epoch after a look-up than before looks up again. If it saw the later meaning, it
 * sees the later epoch too, since both are loaded with acquire in that order. So a reader finds every entry that was there
 * during its whole call, and repeats itself only while generations come and go.
 *
 * <p><b>Limits.</b> At most {@link #HOLDERS_MAX} holders. Entries are limited by those who send them: their nodes limit
 * subscriptions. Retired generations wait for upkeep; if there are more than {@value Generations#MAX} generations, a whole
 * round of upkeep is made at once.
 */
public final class InterestTable {

    /** More than nodes of a zone, zones of a region or regions will ever be. */
    public static final int HOLDERS_MAX = 1024;

    /** How many segments one round of {@link #upkeep} visits. */
    public static final int UPKEEP_SEGMENTS = FilterHashes.SEGMENTS;

    private final Announcer announcer;
    private final HolderSets sets = new HolderSets();
    private final Generations generations = new Generations(sets);
    private final KeyedEntries literals = new KeyedEntries(sets);
    private final KeyedEntries prefixes = new KeyedEntries(sets);
    private final WildcardEntries wildcards = new WildcardEntries(sets);
    private final GroupEntries groups = new GroupEntries();
    /** Bit d says that {@code prefixes} may have one of d levels; the last bit stands for all deeper ones. */
    private volatile long prefixLevels;

    private volatile Set<Place> currentHolders = Set.of();
    private volatile Set<Place> knownHolders = Set.of();
    private volatile long changes;

    // The rest belongs to the writer.
    private final Map<Place, Holder> holders = new HashMap<>();
    private final Upkeep upkeep;

    /** A table that announces nothing, as nodes have it. */
    public InterestTable() {
        this(new Announcer(Optional.empty(), Reach.GLOBAL));
    }

    /**
     * A table of a gateway.
     *
     * @param announcedFrom the least reach that the listener is told of; not NODE
     * @param listener told of shared subscriptions, and of filters that reach that far
     */
    public InterestTable(Reach announcedFrom, EntryListener listener) {
        if (announcedFrom == Reach.NODE) {
            throw new IllegalArgumentException("reach NODE is not announced to anybody: choose ZONE or farther");
        }
        this(new Announcer(Optional.of(listener), announcedFrom));
    }

    private InterestTable(Announcer announcer) {
        this.announcer = announcer;
        this.upkeep = new Upkeep(sets, generations, literals, prefixes, wildcards, groups, announcer);
    }

    /**
     * Grows with every change of entries or holders, after readers find it. What a look-up found is still right if the
     * number read before it has not changed. Any thread.
     */
    public long changes() {
        return changes;
    }

    /** The holders whose interest is current, at this moment. Any thread. */
    public Set<Place> currentHolders() {
        return currentHolders;
    }

    /** The holders whose interest is current or has been, or is about to be. Any thread. */
    public Set<Place> knownHolders() {
        return knownHolders;
    }

    /** How many literal filters are wanted by somebody. Any thread. */
    public int literalCount() {
        return literals.codes().size();
    }

    /**
     * The keys of the literal filters that reach at least so far, as a source to build digests from. Keys that are there
     * from now until the iteration ends are all given; those that come or go meanwhile may be or not, and the listener
     * tells of them. Any thread, one for each iteration.
     */
    public PrimitiveIterator.OfLong literals(Reach atLeast) {
        return new LiteralKeys(this, atLeast);
    }

    /** How far a literal filter reaches; NODE for one that nobody wants. */
    Reach literalReach(long key) {
        while (true) {
            var epoch = sets.epoch();
            var reach = literals.reach(key);
            if (sets.epoch() == epoch) {
                return reach;
            }
        }
    }

    /** Gives the consumer each filter with wildcards that is announced and reaches at least so far. Writer. */
    public void forEachWildcard(Reach atLeast, Consumer<TopicFilter> consumer) {
        wildcards.forEach((filter, code) -> {
            if (announcer.announces(Members.reach(sets, code))
                    && Members.reach(sets, code).covers(atLeast)) {
                consumer.accept(filter);
            }
        });
    }

    /** The holder at a place, if the table knows one. Writer. */
    public Optional<Holder> holder(Place place) {
        return Optional.ofNullable(holders.get(place));
    }

    /** Adds entries of a holder, without a version: for holders that do not come over a link. Writer. */
    public void add(Place place, InterestEntries entries) {
        add(installed(register(place)), entries);
    }

    /** Removes entries of a holder; those it does not have are no error. Writer. */
    public void remove(Place place, InterestEntries entries) {
        remove(installed(register(place)), entries);
    }

    /** Forgets a holder and all its entries: it left the view. Writer. */
    public void removeHolder(Place place) {
        var holder = holders.remove(place);
        if (holder == null) {
            return;
        }
        knownHolders = Set.copyOf(holders.keySet());
        changed();
        current(holder, false);
        var generation = holder.installed;
        holder.installed = null;
        if (generation != null) {
            retire(generation);
        }
    }

    /**
     * Takes entries of retired generations out, and compares segments with what was put there. Call it regularly, so that
     * all {@value #UPKEEP_SEGMENTS} segments get their turn within 4 s. Writer.
     *
     * @param segments how many to visit now
     * @return whether entries of retired generations remain
     */
    public boolean upkeep(int segments) {
        for (var i = 0; i < segments; i++) {
            if (upkeep.visit() && prefixes.codes().isEmpty()) {
                prefixLevels = 0;
            }
        }
        return generations.isSweepNeeded();
    }

    /** How many segments were found damaged since the start: anything but 0 is a defect. Writer. */
    public long damages() {
        return upkeep.damages();
    }

    /** The holder at a place, made known if it is not. */
    Holder register(Place place) {
        var known = holders.get(place);
        if (known != null) {
            return known;
        }
        if (holders.size() == HOLDERS_MAX) {
            throw new IllegalStateException("interest of " + HOLDERS_MAX + " neighbours is kept already, " + place
                    + " is one too many: remove holders that left the view, or split the zone");
        }
        var number = 0;
        while (numberTaken(number)) {
            number++;
        }
        var holder = new Holder(place, number);
        holders.put(place, holder);
        knownHolders = Set.copyOf(holders.keySet());
        changed();
        return holder;
    }

    private boolean numberTaken(int number) {
        return holders.values().stream().anyMatch(holder -> holder.number() == number);
    }

    /** Says whether a holder's entries are known to be what it wants. */
    void current(Holder holder, boolean value) {
        if (holder.isCurrent() == value) {
            return;
        }
        holder.current(value);
        var places = new HashSet<>(currentHolders);
        if (value) {
            places.add(holder.place());
        } else {
            places.remove(holder.place());
        }
        currentHolders = Set.copyOf(places);
        changed();
    }

    /** A new, empty generation, whose entries readers find as soon as they are added. */
    Generation open(Holder holder) {
        while (generations.isFull()) {
            upkeep(UPKEEP_SEGMENTS);
        }
        return generations.open(holder);
    }

    /** Makes a generation the holder's, and retires the one before. */
    void install(Generation generation) {
        var holder = generation.holder;
        var before = holder.installed;
        holder.installed = generation;
        if (before != null) {
            retire(before);
        }
    }

    /** Takes a generation out of readers' sight; its entries are swept later. */
    void retire(Generation generation) {
        generations.retire(generation);
        changed();
    }

    /** The generation that deltas of this holder go to. */
    Generation installed(Holder holder) {
        var installed = holder.installed;
        if (installed != null) {
            return installed;
        }
        var opened = open(holder);
        install(opened);
        return opened;
    }

    void add(Generation to, InterestEntries entries) {
        for (var sameReach : entries.literals()) {
            var hashes = sameReach.hashes();
            for (var i = 0; i < hashes.length(); i++) {
                addLiteral(to, hashes.get(i), sameReach.reach());
            }
        }
        for (var wildcard : entries.wildcards()) {
            addWildcard(to, TopicFilter.of(wildcard.filter()), wildcard.reach());
        }
        for (var group : entries.groups()) {
            addGroup(to, group.group(), TopicFilter.of(group.filter()), group.online());
        }
        changed();
    }

    void remove(Generation from, InterestEntries entries) {
        for (var sameReach : entries.literals()) {
            var hashes = sameReach.hashes();
            for (var i = 0; i < hashes.length(); i++) {
                removeLiteral(from, hashes.get(i), sameReach.reach());
            }
        }
        for (var wildcard : entries.wildcards()) {
            removeWildcard(from, TopicFilter.of(wildcard.filter()), wildcard.reach());
        }
        for (var group : entries.groups()) {
            removeGroup(from, group.group(), TopicFilter.of(group.filter()), group.online());
        }
        changed();
    }

    private void addLiteral(Generation to, long hash, Reach reach) {
        var before = announcer.announces(reach) ? literals.reach(hash) : reach;
        if (literals.add(hash, Members.member(to, reach))) {
            to.checksum += Checksums.ofKey(hash, reach);
            if (announcer.announces(reach)) {
                announcer.literal(hash, before, literals.reach(hash));
            }
        }
    }

    private void removeLiteral(Generation from, long hash, Reach reach) {
        var before = announcer.announces(reach) ? literals.reach(hash) : reach;
        if (literals.remove(hash, Members.member(from, reach))) {
            from.checksum -= Checksums.ofKey(hash, reach);
            if (announcer.announces(reach)) {
                announcer.literal(hash, before, literals.reach(hash));
            }
        }
    }

    private void addWildcard(Generation to, TopicFilter filter, Reach reach) {
        boolean added;
        if (isKeyed(filter, reach)) {
            prefixLevels = prefixLevels | levelBit(filter.literalLevels());
            added = prefixes.add(TopicHash.of(filter), Members.member(to, reach));
        } else {
            var before = wildcards.reach(filter);
            added = wildcards.add(filter, Members.member(to, reach), to);
            announcer.wildcard(filter, before, wildcards.reach(filter));
        }
        if (added) {
            to.checksum += Checksums.of(filter, reach);
        }
    }

    private void removeWildcard(Generation from, TopicFilter filter, Reach reach) {
        boolean removed;
        if (isKeyed(filter, reach)) {
            removed = prefixes.remove(TopicHash.of(filter), Members.member(from, reach));
        } else {
            var before = wildcards.reach(filter);
            removed = wildcards.remove(filter, Members.member(from, reach), from);
            announcer.wildcard(filter, before, wildcards.reach(filter));
        }
        if (removed) {
            from.checksum -= Checksums.of(filter, reach);
        }
    }

    private void addGroup(Generation to, String group, TopicFilter filter, boolean online) {
        var before = groups.presence(group, filter);
        if (groups.add(group, filter, GroupEntries.member(to, online), to)) {
            to.checksum += Checksums.ofGroup(group, filter.filter(), online);
            announcer.group(group, filter, before, groups.presence(group, filter));
        }
    }

    private void removeGroup(Generation from, String group, TopicFilter filter, boolean online) {
        var before = groups.presence(group, filter);
        if (groups.remove(group, filter, GroupEntries.member(from, online), from)) {
            from.checksum -= Checksums.ofGroup(group, filter.filter(), online);
            announcer.group(group, filter, before, groups.presence(group, filter));
        }
    }

    private boolean isKeyed(TopicFilter filter, Reach reach) {
        return filter.shape() != TopicFilter.Shape.OTHER && !announcer.announces(reach);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // There is one writer.
    private void changed() {
        changes++;
    }

    private static long levelBit(int levels) {
        return 1L << Math.min(levels, Long.SIZE - 1);
    }

    HolderSets sets() {
        return sets;
    }

    KeyedEntries literals() {
        return literals;
    }

    KeyedEntries prefixes() {
        return prefixes;
    }

    boolean hasPrefixesOf(int levels) {
        return (prefixLevels & levelBit(levels)) != 0;
    }

    WildcardEntries wildcards() {
        return wildcards;
    }

    GroupEntries groups() {
        return groups;
    }

    Generations generations() {
        return generations;
    }
}
