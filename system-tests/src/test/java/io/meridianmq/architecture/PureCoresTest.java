package io.meridianmq.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The cores are functions of events and clock values: what they do in production they do in the simulation, and a seed
 * reproduces it.
 */
class PureCoresTest {

    private static final String[] PURE = {
        "io.meridianmq.core..", "io.meridianmq.topic..", "io.meridianmq.digest..", "io.meridianmq.simulation.."
    };

    /** All that a core may use besides its own kind; no Netty, gRPC, protobuf, RocksDB, etcd, file, socket or log is among it. */
    private static final String[] VOCABULARY = {
        "java.lang",
        "java.lang.invoke",
        "java.lang.runtime",
        "java.nio",
        "java.nio.charset",
        "java.time",
        "java.util",
        "java.util.concurrent",
        "java.util.concurrent.atomic",
        "java.util.function",
        "java.util.regex",
        "java.util.stream",
        "java.util.zip",
        "org.jspecify.annotations",
        "com.google.common..",
        "com.google.errorprone.annotations.."
    };

    /** Guava writes a Bloom filter to a stream; the stream is an array. */
    private static final Set<String> STREAMS = Set.of(
            "java.io.ByteArrayOutputStream",
            "java.io.OutputStream",
            "java.io.IOException",
            "java.io.UncheckedIOException");

    @Test
    void coresUseTheirVocabularyAlone() {
        classes()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PURE)
                        .or(resideInAnyPackage(VOCABULARY))
                        .or(named(STREAMS))
                        .or(DescribedPredicate.describe("are arrays of primitives", JavaClass::isPrimitive)))
                .check(Production.CLASSES);
    }

    @Test
    void coresHaveNoThreadsAndNoClocks() {
        withoutThreadsAndClocks(PURE).check(Production.CLASSES);
    }

    @Test
    void coresRollNoDice() {
        withoutDice("io.meridianmq.core..", "io.meridianmq.topic..", "io.meridianmq.digest..")
                .check(Production.CLASSES);
    }

    @Test
    void simulationDrawsFromItsSeedAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.meridianmq.simulation..")
                .should()
                .callConstructor(java.util.Random.class)
                .orShould()
                .dependOnClassesThat(named(Set.of(
                        "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom", "java.util.UUID")))
                .check(Production.CLASSES);
    }

    @Test
    void impurityIsNoticed() {
        var impure = Production.fixture("impure");
        var fixture = "io.meridianmq.architecture.fixture..";

        assertThat(violations(withoutThreadsAndClocks(fixture), impure))
                .anyMatch(line -> line.contains("readsTheClock"))
                .anyMatch(line -> line.contains("startsThread"));
        assertThat(violations(withoutDice(fixture), impure)).anyMatch(line -> line.contains("rollsDice"));
    }

    private static ArchRule withoutThreadsAndClocks(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .accessTargetWhere(readsClock())
                .orShould()
                .dependOnClassesThat(named(Set.of(
                        "java.lang.Thread",
                        "java.lang.ThreadLocal",
                        "java.time.Clock",
                        "java.time.InstantSource",
                        "java.util.Timer",
                        "java.util.concurrent.CompletableFuture",
                        "java.util.concurrent.Executor",
                        "java.util.concurrent.ExecutorService",
                        "java.util.concurrent.Executors",
                        "java.util.concurrent.ForkJoinPool",
                        "java.util.concurrent.ScheduledExecutorService")));
    }

    private static ArchRule withoutDice(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .dependOnClassesThat(named(Set.of(
                        "java.util.Random",
                        "java.util.UUID",
                        "java.util.concurrent.ThreadLocalRandom",
                        "java.security.SecureRandom")))
                .orShould()
                .callMethod(Math.class, "random");
    }

    private static DescribedPredicate<JavaAccess<?>> readsClock() {
        return DescribedPredicate.describe(
                "reads the clock",
                access -> access.getTarget() instanceof MethodCallTarget target
                        && switch (target.getOwner().getName()) {
                            case "java.lang.System" ->
                                Set.of("nanoTime", "currentTimeMillis").contains(target.getName());
                            case "java.time.Instant", "java.time.LocalDateTime", "java.time.ZonedDateTime" ->
                                target.getName().equals("now");
                            default -> false;
                        });
    }

    private static DescribedPredicate<JavaClass> named(Set<String> names) {
        return DescribedPredicate.describe("are one of " + names, type -> names.contains(type.getName()));
    }

    private static List<String> violations(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }
}
