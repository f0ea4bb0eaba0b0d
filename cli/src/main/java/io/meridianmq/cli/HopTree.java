package io.meridianmq.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meridianmq.proto.admin.v1.ExplainRequest;
import io.meridianmq.proto.admin.v1.ExplainResponse;
import io.meridianmq.proto.admin.v1.Hop;
import io.meridianmq.proto.admin.v1.Unanswered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How {@code explain} prints where a message would go. */
final class HopTree {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private static final List<TreeTable.Column> COLUMNS = List.of(new TreeTable.Column("", false));

    /** Nobody sends this far: a guard against an answer that leads in circles. */
    private static final int DEPTH_MAX = 6;

    private final ExplainRequest request;
    private final ExplainResponse response;

    /** Hops by who decided, and within by destination: a destination may come with several reasons. */
    private final Map<String, Map<String, List<Hop>>> decisions;

    private final Map<String, String> unanswered;

    HopTree(ExplainRequest request, ExplainResponse response) {
        this.request = request;
        this.response = response;
        this.decisions = response.getHopsList().stream()
                .collect(Collectors.groupingBy(
                        Hop::getAt,
                        Collectors.groupingBy(Hop::getDestination, LinkedHashMap::new, Collectors.toList())));
        this.unanswered = response.getUnansweredList().stream()
                .collect(Collectors.toMap(Unanswered::getPlace, Unanswered::getReason, (a, _) -> a, TreeMap::new));
    }

    /** Whether every component that would decide has told. */
    boolean isComplete() {
        return unanswered.isEmpty();
    }

    /** A tree from the publisher's node to the nodes with subscribers, with the reason for each branch. */
    String toText() {
        var title = request.getTopic() + " at QoS " + request.getQos();
        if (response.getHopsCount() == 0) {
            return title + ": " + request.getFrom() + " would send it to no other node\n";
        }
        return title + "\n\n"
                + new TreeTable(request.getFrom(), List.of("published here"), branches(request.getFrom(), 1))
                        .render(COLUMNS)
                + missing();
    }

    /** One JSON object. */
    String toJson() {
        var object = new LinkedHashMap<String, Object>();
        object.put("topic", request.getTopic());
        object.put("from", request.getFrom());
        object.put("qos", request.getQos());
        object.put("hops", response.getHopsList().stream().map(HopTree::object).toList());
        object.put(
                "unanswered",
                response.getUnansweredList().stream().map(HopTree::object).toList());
        return GSON.toJson(object);
    }

    private List<TreeTable> branches(String at, int depth) {
        if (depth > DEPTH_MAX) {
            return List.of();
        }
        var branches = new ArrayList<TreeTable>();
        decisions
                .getOrDefault(at, Map.of())
                .forEach((destination, hops) -> branches.add(
                        destination.equals(at)
                                ? new TreeTable("subscribers here", List.of(why(hops)), List.of())
                                : new TreeTable(
                                        label(hops.getFirst()), List.of(why(hops)), branches(destination, depth + 1))));
        return branches;
    }

    private static String label(Hop hop) {
        if (hop.getBlocked()) {
            return hop.getDestination() + " (blocked)";
        }
        return hop.getNextHop().equals(hop.getDestination())
                ? hop.getDestination()
                : hop.getDestination() + " via " + hop.getNextHop();
    }

    private String why(List<Hop> hops) {
        var reasons = hops.stream().map(Hop::getReason).distinct().collect(Collectors.joining("; "));
        var missing = unanswered.get(hops.getFirst().getDestination());
        return missing == null ? reasons : reasons + " (" + missing + ")";
    }

    private String missing() {
        return isComplete() ? "" : "\nIncomplete: no answer from " + String.join(", ", unanswered.keySet()) + "\n";
    }

    private static Map<String, Object> object(Hop hop) {
        var object = new LinkedHashMap<String, Object>();
        object.put("at", hop.getAt());
        object.put("destination", hop.getDestination());
        object.put("nextHop", hop.getNextHop());
        object.put("reason", hop.getReason());
        object.put("blocked", hop.getBlocked());
        return object;
    }

    private static Map<String, Object> object(Unanswered missing) {
        var object = new LinkedHashMap<String, Object>();
        object.put("place", missing.getPlace());
        object.put("reason", missing.getReason());
        return object;
    }
}
