package org.pgrehearse.scenarios.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LockQuestionsTest {
    @Test
    void a_statement_is_told_in_one_line_without_its_texts() {
        assertThat(LockQuestions.statement("UPDATE t\n  SET a = 'it''s', b = E'x'\n WHERE c = $tag$ deep $tag$"))
                .isEqualTo("UPDATE t SET a = '…', b = E'…' WHERE c = '…'");
        assertThat(LockQuestions.statement("ALTER ROLE r PASSWORD 'cut in the mid"))
                .isEqualTo("ALTER ROLE r PASSWORD '…'");
        assertThat(LockQuestions.statement("DO $$ cut")).isEqualTo("DO '…'");
    }

    @Test
    void a_long_statement_is_cut() {
        assertThat(LockQuestions.statement("x".repeat(500))).hasSize(161).endsWith("…");
    }
}
