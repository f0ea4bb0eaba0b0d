package io.meridianmq.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The classes that the rules are about: all modules' own, without their tests and without the generated stubs. */
final class Production {

    /** Read once: reading takes longer than all rules together. */
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .withImportOption(location -> !location.contains("/io/meridianmq/proto/"))
            .importPackages("io.meridianmq");

    private Production() {}

    /** The classes that break the rules on purpose. */
    static JavaClasses fixture(String name) {
        return new ClassFileImporter().importPackages("io.meridianmq.architecture.fixture." + name);
    }
}
