package io.meridianmq.architecture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A module that others may depend on or that depends on others.
 *
 * @param name its folder
 * @param rooms its packages below {@code io.meridianmq}, with all packages below them
 * @param uses names of the modules that it may use, directly or not
 */
record Module(String name, List<String> rooms, List<String> uses) {

    static final List<Module> ALL = List.of(
            new Module("proto", List.of("proto"), List.of()),
            new Module("bloom-index", List.of("topic", "digest"), List.of()),
            new Module("core", List.of("core"), List.of("bloom-index")),
            new Module("fabric", List.of("fabric"), List.of("proto", "bloom-index", "core")),
            new Module("retained-tier", List.of("retained"), List.of("bloom-index", "core")),
            new Module(
                    "node-broker",
                    List.of("broker"),
                    List.of("proto", "bloom-index", "core", "fabric", "retained-tier")),
            new Module("zone-gateway", List.of("gateway.zone"), List.of("proto", "bloom-index", "core", "fabric")),
            new Module("region-gateway", List.of("gateway.region"), List.of("proto", "bloom-index", "core", "fabric")),
            new Module("global-control", List.of("control"), List.of("proto", "bloom-index", "core", "fabric")),
            new Module("simulation", List.of("simulation"), List.of("bloom-index", "core")),
            new Module("cli", List.of("cli"), List.of("proto", "bloom-index", "core", "fabric", "simulation")));

    /** Patterns of its packages. */
    String[] packages() {
        return packages(List.of(this));
    }

    /** Patterns of the packages of the modules that it must not use. */
    String[] forbiddenPackages() {
        var forbidden = new ArrayList<>(ALL);
        forbidden.removeIf(other -> other.equals(this) || uses.contains(other.name()));
        return packages(forbidden);
    }

    static String[] packages(Collection<Module> modules) {
        return modules.stream()
                .flatMap(module -> module.rooms().stream())
                .map(room -> "io.meridianmq." + room + "..")
                .toArray(String[]::new);
    }

    /** The module that a package belongs to. */
    static Optional<Module> of(String packageName) {
        return ALL.stream()
                .filter(module -> module.rooms().stream()
                        .anyMatch(room -> (packageName + ".").startsWith("io.meridianmq." + room + ".")))
                .findFirst();
    }

    @Override
    public String toString() {
        return name;
    }
}
