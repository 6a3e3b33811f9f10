package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.CatalogFinding.Kind;
import org.pgrehearse.verifier.CatalogFinding.Severity;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** What the catalogues say differently. */
@ExtendWith(Servers.class)
final class CatalogIT {
    private final Database source;
    private final Database target;

    CatalogIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    @Test
    void the_same_rules_under_other_names_are_the_same() {
        source.run("CREATE TABLE t (id int CONSTRAINT a PRIMARY KEY, b int CONSTRAINT c UNIQUE, CHECK (b > 0));"
                + "CREATE INDEX d ON t (b DESC) WHERE id > 5");
        target.run("CREATE TABLE t (id int CONSTRAINT e PRIMARY KEY, b int CONSTRAINT f UNIQUE,"
                + " CONSTRAINT g CHECK (b > 0)); CREATE INDEX h ON t (b DESC) WHERE id > 5");
        assertThat(verify(VerifyOptions.of(source, target)).catalog()).isEmpty();
    }

    @Test
    void rules_that_are_missing_different_unexpected_or_not_valid() {
        source.run("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, b int, c int);"
                + "CREATE INDEX lost ON t (b); CREATE UNIQUE INDEX other ON t (b, c);"
                + "ALTER TABLE t ADD CONSTRAINT parent FOREIGN KEY (c) REFERENCES p");
        target.run("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, b int, c int);"
                + "CREATE UNIQUE INDEX other ON t (c, b); CREATE INDEX more ON t (c);"
                + "ALTER TABLE t ADD CONSTRAINT parent FOREIGN KEY (c) REFERENCES p NOT VALID");
        Verification verification = verify(VerifyOptions.of(source, target));
        assertThat(verification.catalog())
                .containsExactlyInAnyOrder(
                        warning(
                                "foreign key parent of public.t",
                                Kind.INVALID,
                                "foreign key FOREIGN KEY (c) REFERENCES public.p(id)",
                                "foreign key FOREIGN KEY (c) REFERENCES public.p(id)"),
                        new CatalogFinding(
                                "index public.lost", Kind.MISSING, Severity.WARNING, "index btree (b)", null),
                        warning(
                                "index public.other",
                                Kind.DIFFERENT,
                                "unique index btree (b, c)",
                                "unique index btree (c, b)"),
                        new CatalogFinding(
                                "index public.more", Kind.UNEXPECTED, Severity.WARNING, null, "index btree (c)"));
        assertThat(verification.verdict()).isEqualTo(Verdict.CONSISTENT);
    }

    @Test
    void a_column_of_another_type_is_named() {
        source.run("CREATE TABLE t (id int PRIMARY KEY, v varchar(10) NOT NULL)");
        target.run("CREATE TABLE t (id int PRIMARY KEY, v text)");
        assertThat(verify(VerifyOptions.of(source, target)).catalog())
                .containsExactly(
                        warning("column public.t.v", Kind.DIFFERENT, "character varying(10) NOT NULL", "text"));
    }

    @Test
    void tables_of_extensions_and_temporary_tables_are_left_out() {
        String tables = "CREATE TABLE t (id int PRIMARY KEY); CREATE EXTENSION IF NOT EXISTS citext;"
                + "CREATE TABLE owned (id int); ALTER EXTENSION citext ADD TABLE owned; CREATE SEQUENCE mine;"
                + "ALTER EXTENSION citext ADD SEQUENCE mine";
        source.run(tables);
        target.run(tables);
        Verification verification = verify(VerifyOptions.of(source, target));
        assertThat(verification.tables()).hasSize(1);
        assertThat(verification.sequences()).isEmpty();
    }

    private static CatalogFinding warning(String object, Kind kind, String onSource, String onTarget) {
        return new CatalogFinding(object, kind, Severity.WARNING, onSource, onTarget);
    }
}
