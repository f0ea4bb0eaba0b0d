package io.meridianmq.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Modules and packages depend one way. */
class ModuleDirectionTest {

    /** The rooms of {@code core}, each with the rooms it may use: what they share lies below them, and only the meshes join them. */
    private static final Map<String, List<String>> CORE_ROOMS = Map.ofEntries(
            Map.entry("place", List.of()),
            Map.entry("clock", List.of()),
            Map.entry("publication", List.of("place")),
            Map.entry("session", List.of("place", "publication")),
            Map.entry("settings", List.of("place")),
            Map.entry("slot", List.of("place", "publication", "link")),
            Map.entry("claim", List.of("place", "publication", "link", "slot")),
            Map.entry("link", List.of("place", "publication", "settings")),
            Map.entry("lane", List.of("place", "publication", "link")),
            Map.entry("stream", List.of("place", "publication", "link")),
            Map.entry("interest", List.of("place", "publication", "link")),
            Map.entry("digest", List.of("place", "publication", "link", "interest")),
            Map.entry("route", List.of("place", "publication", "settings", "slot", "link", "interest", "digest")),
            Map.entry("retained", List.of("place", "publication", "settings", "slot", "link", "route")),
            Map.entry(
                    "mesh",
                    List.of(
                            "place",
                            "clock",
                            "publication",
                            "settings",
                            "slot",
                            "claim",
                            "link",
                            "lane",
                            "stream",
                            "interest",
                            "digest",
                            "route",
                            "retained")));

    @Test
    void modulesUseOnlyThoseBelowThem() {
        for (var module : Module.ALL) {
            noClasses()
                    .that()
                    .resideInAnyPackage(module.packages())
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(module.forbiddenPackages())
                    .allowEmptyShould(true)
                    .check(Production.CLASSES);
        }
    }

    @Test
    void everyModuleWithSourcesIsLookedAt() {
        var modules = Module.ALL.stream()
                .filter(module -> Files.isDirectory(Sources.ROOT.resolve(module.name() + "/src/main/java")))
                .toList();

        assertThat(Production.CLASSES.stream()
                        .flatMap(type -> Module.of(type.getPackageName()).stream())
                        .distinct())
                .hasSizeGreaterThan(5)
                .containsExactlyInAnyOrderElementsOf(modules);
    }

    @Test
    void everyPackageBelongsToModule() {
        assertThat(Production.CLASSES)
                .extracting(JavaClass::getPackageName)
                .allSatisfy(name ->
                        assertThat(Module.of(name)).as("module of %s", name).isPresent());
    }

    @Test
    void coresDoNotKnowTheirSiblings() {
        for (var room : CORE_ROOMS.entrySet()) {
            var forbidden = new ArrayList<>(CORE_ROOMS.keySet());
            forbidden.remove(room.getKey());
            forbidden.removeAll(room.getValue());
            noClasses()
                    .that()
                    .resideInAPackage("io.meridianmq.core." + room.getKey() + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.stream()
                            .map(name -> "io.meridianmq.core." + name + "..")
                            .toArray(String[]::new))
                    .check(Production.CLASSES);
        }
    }

    @Test
    void everyRoomOfCoreIsInThePlan() {
        var planned = CORE_ROOMS.keySet().stream()
                .map(room -> "io.meridianmq.core." + room + ".")
                .toList();

        assertThat(Production.CLASSES.stream()
                        .map(type -> type.getPackageName() + ".")
                        .filter(name -> name.startsWith("io.meridianmq.core.")))
                .allMatch(name -> planned.stream().anyMatch(name::startsWith));
    }

    @Test
    void packagesHaveNoCycles() {
        withoutCycles("io.meridianmq.(**)").check(Production.CLASSES);
    }

    @Test
    void cycleOfPackagesIsNoticed() {
        assertThat(violated(withoutCycles("io.meridianmq.architecture.fixture.(**)"), Production.fixture("ring")))
                .isTrue();
    }

    private static SliceRule withoutCycles(String packages) {
        return SlicesRuleDefinition.slices().matching(packages).should().beFreeOfCycles();
    }

    private static boolean violated(SliceRule rule, JavaClasses classes) {
        return rule.evaluate(classes).hasViolation();
    }
}
