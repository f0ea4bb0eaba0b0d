package io.meridianmq.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** What holds in every module alike. */
class ConventionsTest {

    /** Where programs talk to the person who started them; everybody else logs, or says nothing. */
    private static final String[] PROGRAMS = {
        "io.meridianmq.broker",
        "io.meridianmq.gateway.zone",
        "io.meridianmq.gateway.region",
        "io.meridianmq.control",
        "io.meridianmq.fabric.lifecycle",
        "io.meridianmq.cli.."
    };

    @Test
    void logsGoThroughOneLibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.commons.logging..")
                .check(Production.CLASSES);
    }

    @Test
    void onlyProgramsWriteToStandardOutput() {
        noStandardOutputOutside(PROGRAMS).check(Production.CLASSES);
    }

    @Test
    void standardOutputIsNoticed() {
        var impure = Production.fixture("impure");
        assertThat(noStandardOutputOutside(PROGRAMS).evaluate(impure).hasViolation())
                .isTrue();
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(Sources.packages())
                .isNotEmpty()
                .allSatisfy(folder -> assertThat(Sources.packageInfo(folder))
                        .as("package-info.java in %s or beside its main sources", folder)
                        .get()
                        .extracting(Sources::text)
                        .asString()
                        .contains("@NullMarked"));
    }

    private static ArchRule noStandardOutputOutside(String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err");
    }
}
