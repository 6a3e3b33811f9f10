package org.pgrehearse.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between modules and packages, as docs/ARCHITECTURE.md draws them. */
final class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.pgrehearse");

    @Test
    void verifier_and_chaos_know_nothing_of_the_others() {
        noClasses()
                .that()
                .resideInAPackage("..pgrehearse.verifier..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..pgrehearse.chaos..",
                        "..pgrehearse.reports..",
                        "..pgrehearse.scenarios..",
                        "..pgrehearse.cli..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("..pgrehearse.chaos..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..pgrehearse.verifier..",
                        "..pgrehearse.reports..",
                        "..pgrehearse.scenarios..",
                        "..pgrehearse.cli..")
                .check(classes);
    }

    @Test
    void reports_know_the_verifier_only() {
        noClasses()
                .that()
                .resideInAPackage("..pgrehearse.reports..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..pgrehearse.chaos..", "..pgrehearse.scenarios..", "..pgrehearse.cli..")
                .check(classes);
    }

    @Test
    void analysis_needs_no_database() {
        noClasses()
                .that()
                .resideInAPackage("..pgrehearse.reports..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..")
                .check(classes);
    }

    @Test
    void packages_form_no_circle() {
        slices().matching("org.pgrehearse.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void only_the_command_line_prints_or_exits() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..pgrehearse.cli..", "..pgrehearse.bench..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(classes);
    }

    @Test
    void packages_are_named_after_a_subject() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..util..",
                        "..utils..",
                        "..common..",
                        "..core..",
                        "..model..",
                        "..service..",
                        "..manager..",
                        "..helper..",
                        "..impl..")
                .check(classes);
    }
}
