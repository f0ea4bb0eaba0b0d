package io.meridianmq.core.retained;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Retained messages on a platform of several regions, in one thread: nodes with disks that outlive them, gateways, slot
 * tables that follow who is alive, and a network that delays, loses and is cut.
 */
final class RetainedPlatform {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final AddressRules RULES = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);

    private static final long START_MILLIS = 1_800_000_000_000L;
    private static final long TICK = 20 * MILLI;

    /** A message as the tests see it. */
    record Seen(String topic, String text) {}

    /** A text as a message; empty for a clear. */
    record Text(String text) implements PublicationBytes {
        @Override
        public int sizeBytes() {
            return text.length();
        }

        @Override
        public Text share() {
            return this;
        }

        @Override
        public void release() {
            // Nothing is counted.
        }
    }

    private record Event(long atNanos, long order, Runnable action) {}

    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private final TreeMap<Place, Node> nodes = new TreeMap<>();
    private final TreeMap<Place, RetainedGateway> gateways = new TreeMap<>();
    private final Map<Place, RetainedMemory> disks = new HashMap<>();
    private final TreeMap<Place, SlotTable> tables = new TreeMap<>();
    private final TreeMap<Place, Long> alive = new TreeMap<>();
    private final Set<Place> cutOff = new HashSet<>();
    private double lossRate;
    private CrossRegion crossing = CrossRegion.OPEN;
    private long nowNanos;
    private long lastOrder;
    private long lastBoot;
    private long lastNumber;
    private long revision;
    /** Whether a slot table may have to change. */
    private boolean isUnderWay;

    RetainedPlatform(Random random) {
        this.random = random;
        at(TICK, this::tick);
    }

    /** Regions of zones of nodes, with gateways. */
    static RetainedPlatform of(Random random, int regions, int zones, int nodes) {
        var platform = new RetainedPlatform(random);
        for (var region = 1; region <= regions; region++) {
            for (var zone = 1; zone <= zones; zone++) {
                platform.addZone("r" + region, "z" + zone, nodes);
            }
        }
        platform.run(30 * SECOND);
        return platform;
    }

    void addZone(String region, String zone, int size) {
        var place = Place.zone(region, zone);
        gateways.computeIfAbsent(Place.region(region), this::gateway);
        gateways.computeIfAbsent(place, this::gateway);
        for (var node = 1; node <= size; node++) {
            start(Place.node(region, zone, "n" + node));
        }
    }

    private RetainedGateway gateway(Place place) {
        return new RetainedGateway(place, new Links(place), () -> below(place), nowNanos);
    }

    /** The live nodes of a zone, or zones of a region. */
    private List<Place> below(Place place) {
        return place.level() == Place.Level.ZONE
                ? alive.keySet().stream().filter(place::contains).toList()
                : gateways.keySet().stream()
                        .filter(zone -> zone.parent().filter(place::equals).isPresent())
                        .toList();
    }

    // ---- What happens to components

    /** Starts a node on the disk that an earlier start has left. */
    void start(Place place) {
        lastBoot++;
        alive.put(place, lastBoot);
        nodes.put(place, new Node(new Incarnation(place, lastBoot), disk(place)));
        viewsChanged();
    }

    /** A node is killed; who is alive shows it after 6 s. */
    void kill(Place place) {
        var boot = node(place).self.boot();
        nodes.remove(place);
        at(6 * SECOND, () -> {
            if (alive.remove(place, boot)) {
                viewsChanged();
            }
        });
    }

    /** What a node that does not run has on its disk. */
    RetainedMemory disk(Place place) {
        return disks.computeIfAbsent(place, _ -> new RetainedMemory(RetainedPlatform::isClear));
    }

    void loseDisk(Place place) {
        disks.remove(place);
    }

    /** Nothing gets into a zone or region, or out of it. */
    void cutOff(Place place) {
        cutOff.add(place);
    }

    void join(Place place) {
        cutOff.remove(place);
    }

    void heal() {
        cutOff.clear();
        lossRate = 0;
    }

    void lose(double rate) {
        lossRate = rate;
    }

    void allow(CrossRegion what) {
        crossing = what;
    }

    boolean isUp(Place node) {
        return nodes.containsKey(node);
    }

    List<Place> running() {
        return List.copyOf(nodes.keySet());
    }

    Collection<Place> places() {
        return disks.keySet();
    }

    SlotTable table(Place zone) {
        return tables.getOrDefault(zone, SlotTable.EMPTY);
    }

    RetainedFigures figures(Place node) {
        return node(node).retained.figures();
    }

    // ---- What clients do

    long nowMillis() {
        return START_MILLIS + nowNanos / MILLI;
    }

    /** Publishes with RETAIN now; the list gets the reason code when it is acknowledged. */
    List<Integer> publish(Place node, String topic, String text) {
        return publish(node, topic, text, nowMillis());
    }

    List<Integer> publish(Place node, String topic, String text, long atMillis) {
        return put(node, publication(node, topic, text, atMillis));
    }

    List<Integer> put(Place node, Publication publication) {
        var codes = new ArrayList<Integer>();
        node(node).retained.put(publication, codes::add);
        return codes;
    }

    Publication publication(Place node, String topic, String text, long atMillis) {
        lastNumber++;
        return new Publication(
                new PublicationId(Landing.hashOf(node), 1, lastNumber),
                HybridClock.ofMillis(atMillis),
                0,
                topic,
                Qos.AT_LEAST_ONCE,
                true,
                Publication.NEVER,
                new Text(text));
    }

    /** Looks up page by page until all is there. */
    List<Seen> lookUp(Place node, String filter) {
        return lookUp(node, filter, 100);
    }

    List<Seen> lookUp(Place node, String filter, int limit) {
        var seen = new ArrayList<Seen>();
        var isOver = new boolean[1];
        nextPage(node(node).retained, TopicFilter.of(filter), "", limit, seen, () -> isOver[0] = true);
        for (var waited = 0; !isOver[0] && waited < 10_000; waited++) {
            run(20 * MILLI);
        }
        if (!isOver[0]) {
            throw new AssertionError("a look-up of " + filter + " at " + node + " has no end");
        }
        return seen;
    }

    private static void nextPage(
            RetainedNode node, TopicFilter filter, String after, int limit, List<Seen> seen, Runnable onOver) {
        node.lookUp(filter, after, limit, (found, more) -> {
            found.forEach(publication -> seen.add(seen(publication)));
            if (more) {
                nextPage(node, filter, found.getLast().topic(), limit, seen, onOver);
            } else {
                onOver.run();
            }
        });
    }

    static Seen seen(Publication publication) {
        return new Seen(publication.topic(), ((Text) publication.bytes()).text());
    }

    static boolean isClear(Publication publication) {
        return ((Text) publication.bytes()).text().isEmpty();
    }

    // ---- Time

    void at(long inNanos, Runnable action) {
        lastOrder++;
        events.add(new Event(nowNanos + inNanos, lastOrder, action));
    }

    void run(long nanos) {
        var end = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().atNanos() <= end) {
            var event = events.remove();
            nowNanos = event.atNanos();
            event.action().run();
        }
        nowNanos = end;
    }

    private void tick() {
        lead();
        List.copyOf(nodes.values()).forEach(node -> {
            node.retained.onRegions(regionsSeenFrom(node.self.place()));
            node.retained.onTick(nowNanos);
        });
        gateways.values().forEach(gateway -> gateway.onTick(nowNanos));
        at(TICK, this::tick);
    }

    private Node node(Place place) {
        return Optional.ofNullable(nodes.get(place)).orElseThrow();
    }

    private Set<Place> regionsSeenFrom(Place node) {
        return gateways.keySet().stream()
                .filter(place -> place.level() == Place.Level.REGION && !place.contains(node))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void viewsChanged() {
        revision++;
        isUnderWay = true;
        nodes.values()
                .forEach(node -> node.retained.onView(viewOf(node.self.place().inRegion())));
    }

    private MembershipView viewOf(Place region) {
        var members = new ArrayList<Member>();
        alive.forEach((place, boot) -> {
            if (region.contains(place)) {
                members.add(new Member(place, boot, "", "", ""));
            }
        });
        gateways.keySet().stream()
                .filter(region::contains)
                .forEach(place -> members.add(new Member(place, 1, "", "", "")));
        return MembershipView.of(revision, members);
    }

    // ---- A leader for every zone

    private void lead() {
        if (!isUnderWay) {
            return;
        }
        isUnderWay = false;
        for (var zone : gateways.keySet()) {
            if (zone.level() == Place.Level.ZONE) {
                lead(zone);
            }
        }
    }

    private void lead(Place zone) {
        var members = new ArrayList<Incarnation>();
        alive.forEach((place, boot) -> {
            if (zone.contains(place)) {
                members.add(new Incarnation(place, boot));
            }
        });
        if (members.isEmpty()) {
            return;
        }
        var older = table(zone);
        isUnderWay |= older.slots().stream().anyMatch(slot -> slot.joining().isPresent());
        var slots = new ArrayList<Slot>();
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            slots.add(next(slot, older.slot(slot), members));
        }
        if (!slots.equals(older.slots())) {
            isUnderWay = true;
            var newer = new SlotTable(older.version() + 1, slots);
            tables.put(zone, newer);
            nodes.values().stream()
                    .filter(node -> zone.contains(node.self.place()))
                    .forEach(node -> node.retained.onSlots(newer));
        }
    }

    private Slot next(int slot, Slot now, List<Incarnation> members) {
        var owner = now.owner().filter(members::contains);
        var standby = now.standby().filter(members::contains);
        var joining = now.joining().filter(members::contains);
        var epoch = now.epoch();
        if (owner.isEmpty()) {
            owner = standby.or(() -> Optional.of(members.get(slot % members.size())));
            joining = Optional.empty();
            standby = Optional.empty();
            epoch++;
        }
        if (standby.isEmpty() && joining.isPresent() && isFilled(slot, now, owner.get())) {
            standby = joining;
            joining = Optional.empty();
        }
        if (standby.isEmpty() && joining.isEmpty() && members.size() > 1) {
            var next = members.get((members.indexOf(owner.get()) + 1 + slot % (members.size() - 1)) % members.size());
            joining = Optional.of(next);
        }
        return new Slot(owner, standby, joining, epoch);
    }

    private boolean isFilled(int slot, Slot now, Incarnation owner) {
        var node = nodes.get(owner.place());
        return node != null && node.self.equals(owner) && node.retained.isComplete(slot, now);
    }

    // ---- The network

    private final class Node {
        final Incarnation self;
        final RetainedNode retained;

        Node(Incarnation self, RetainedMemory disk) {
            this.self = self;
            this.retained = new RetainedNode(self, RULES, () -> crossing, disk, new Links(self.place()), nowNanos);
            this.retained.onView(viewOf(self.place().inRegion()));
            this.retained.onSlots(table(self.place().inZone()));
        }
    }

    private final class Links implements RetainedNode.Outlet, RetainedGateway.Outlet {
        private final Place self;

        Links(Place self) {
            this.self = self;
        }

        @Override
        public void send(long id, Place destination, Question question) {
            ask(new Frame.Request(id, self, destination, question, 0));
        }

        @Override
        public void answer(Frame.Request request, Answer answer) {
            respond(self, request, answer);
        }

        @Override
        public boolean reaches(Place place) {
            return place.level() != Place.Level.NODE || nodes.containsKey(place);
        }

        @Override
        public boolean isSuspended() {
            return false;
        }
    }

    private void ask(Frame.Request request) {
        var component = landing(request);
        carry(request.asker(), component, () -> {
            var node = nodes.get(component);
            if (node != null) {
                switch (request.question()) {
                    case Question.RetainedLookup lookup -> node.retained.onLookup(request, lookup);
                    case Question.RetainedPut put -> node.retained.onPut(request, put);
                    case Question.RetainedSum sum -> node.retained.onSum(request, sum);
                    case Question.Explain _, Question.Operation _ ->
                        throw new IllegalStateException("nobody asks: " + request);
                }
            } else if (gateways.containsKey(component)
                    && request.question() instanceof Question.RetainedLookup lookup) {
                gateways.get(component).onAsked(request, lookup);
            }
        });
    }

    private Place landing(Frame.Request request) {
        var destination = request.destination();
        var slot = request.question().slot();
        var isUnknown = destination.level() == Place.Level.ZONE && !gateways.containsKey(destination);
        if (slot.isEmpty() || destination.level() == Place.Level.NODE) {
            return isUnknown ? destination.inRegion() : destination;
        }
        if (isUnknown) {
            return landing(request.to(destination.inRegion()));
        }
        var zone = destination.level() == Place.Level.REGION
                ? Landing.choose(slot.getAsInt(), below(destination).stream()).orElse(destination)
                : destination;
        return table(zone).owner(slot.getAsInt()).map(Incarnation::place).orElse(zone);
    }

    private void respond(Place self, Frame.Request request, Answer answer) {
        var response = new Frame.Response(request.id(), self, request.asker(), answer, 0);
        carry(self, request.asker(), () -> {
            var node = nodes.get(request.asker());
            if (node != null) {
                node.retained.onAnswered(response);
            } else if (gateways.containsKey(request.asker())) {
                gateways.get(request.asker()).onAnswered(response);
            }
        });
    }

    private void carry(Place from, Place to, Runnable arrival) {
        if (from.equals(to)) {
            arrival.run();
            return;
        }
        var isCut = cutOff.stream().anyMatch(place -> place.contains(from) != place.contains(to));
        if (isCut || random.nextDouble() < lossRate) {
            return;
        }
        var base = from.inZone().equals(to.inZone())
                ? MILLI / 5
                : from.inRegion().equals(to.inRegion()) ? MILLI : 40 * MILLI;
        at(base + (long) (random.nextDouble() * base), arrival);
    }
}
