package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.table;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** The same values on servers of different majors are the same, and a small difference is still seen. */
@ExtendWith(Servers.class)
final class VersionsIT {
    @ParameterizedTest(name = "{0} to {1}, {2}")
    @CsvSource({
        "12, 12, EXACT",
        "12, 18, EXACT",
        "12, 17, EQUAL",
        "12, 14, TEXT",
        "14, 18, EXACT",
        "15, 17, EQUAL",
        "17, 18, TEXT",
        "18, 15, EXACT"
    })
    void the_same_values_on_two_majors(int older, int newer, DigestKind kind, Servers.Running servers)
            throws IOException {
        String tables = Resources.text("every-type.sql");
        Database source = servers.database(older);
        Database target = servers.database(newer);
        source.run("CREATE TYPE shift AS ENUM ('x');" + tables);
        target.run(tables);
        VerifyOptions options = VerifyOptions.of(source, target).withDigest(kind);
        Verification same = verify(options);
        assertThat(same.tables())
                .hasSize(7)
                .allSatisfy(table ->
                        assertThat(table.verdict()).as(table.toString()).isEqualTo(Verdict.CONSISTENT));
        assertThat(same.tables()).extracting(TableComparison::digest).containsOnly(kind.toString());
        target.run("UPDATE numbers SET c = c + 1 WHERE id = 5;"
                + "UPDATE texts SET f = f || '\\x00'::bytea, m = '{x}' WHERE b = 'v7';"
                + "UPDATE shapes SET o = '{sad,ok}', j = '<(1,2),4>' WHERE id = '10.0.0.9';"
                + "UPDATE moments SET d = d + interval '1 microsecond' WHERE id = 3;"
                + "DELETE FROM bag WHERE ctid = '(0,1)'");
        Verification other = verify(options);
        assertThat(table(other, "public.numbers").changed()).isEqualTo(1);
        assertThat(table(other, "public.texts").changed()).isEqualTo(1);
        assertThat(table(other, "public.shapes").changed()).isEqualTo(1);
        assertThat(table(other, "public.moments").changed()).isEqualTo(1);
        assertThat(table(other, "public.bag").missing()).isEqualTo(1);
    }
}
