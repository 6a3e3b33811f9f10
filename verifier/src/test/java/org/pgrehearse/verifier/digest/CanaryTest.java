package org.pgrehearse.verifier.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.ColumnType;

final class CanaryTest {
    private static final Column COLUMN =
            new Column("v", new ColumnType("numeric", "numeric", false, -1, true, true), false);

    @Test
    void answers_agree_or_not() {
        assertThat(Canary.agreed("{1,2}", "{1,2}")).isTrue();
        assertThat(Canary.agreed("{1,2}", "{1,3}")).isFalse();
        assertThat(Canary.agreed("", "")).isFalse();
    }

    @Test
    void servers_that_hash_differently_compare_texts_by_a_hash_of_no_byte_order() {
        Digest digest = new Digest(DigestKind.EXACT, 17, true, false);
        assertThat(digest.kind()).isEqualTo(DigestKind.TEXT);
        assertThat(digest.row(List.of(new Digest.Pair(COLUMN, COLUMN))))
                .contains("sha256")
                .doesNotContain("extended");
        assertThat(new Digest(DigestKind.EXACT, 17, true, true).row(List.of(new Digest.Pair(COLUMN, COLUMN))))
                .contains("hash_numeric_extended(\"v\", ")
                .doesNotContain("sha256");
    }
}
