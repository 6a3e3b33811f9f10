package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.journal.Outcome;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

final class ConclusionTest {
    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "23505", "23503", "25006", "55P03", "57014", "25P02", "53100", "XX000"})
    void an_error_of_the_server_at_commit_is_a_failure(String state) {
        Conclusion conclusion = Conclusion.afterHandover(answer("ERROR", state));

        assertThat(conclusion).isEqualTo(new Conclusion(Outcome.FAILED, state, "no", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P01", "57P02", "57P03", "57P05", "08P01", "08006", "40003"})
    void an_error_about_a_lost_server_is_unknown_even_when_it_is_called_error(String state) {
        Conclusion conclusion = Conclusion.afterHandover(answer("ERROR", state));

        assertThat(conclusion).isEqualTo(new Conclusion(Outcome.UNKNOWN, state, "no", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FATAL", "PANIC", "FEHLER"})
    void any_other_severity_is_unknown(String severity) {
        assertThat(Conclusion.afterHandover(answer(severity, "XX000")).outcome())
                .isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void a_commit_answered_with_rollback_is_a_failure() {
        PSQLException silent = new PSQLException("The database returned ROLLBACK", PSQLState.IN_FAILED_SQL_TRANSACTION);

        assertThat(Conclusion.afterHandover(silent))
                .isEqualTo(new Conclusion(Outcome.FAILED, "25P02", "The database returned ROLLBACK", true));
    }

    @Test
    void a_lost_connection_is_unknown_after_the_handover_and_a_failure_before() {
        for (IOException cause :
                new IOException[] {new EOFException(), new SocketTimeoutException("Read timed out"), new IOException()
                }) {
            PSQLException lost = new PSQLException("An I/O error occurred", PSQLState.CONNECTION_FAILURE, cause);

            assertThat(Conclusion.afterHandover(lost).outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(Conclusion.beforeCommit(lost).outcome()).isEqualTo(Outcome.FAILED);
            assertThat(Conclusion.beforeCommit(lost).usable()).isFalse();
        }
    }

    @Test
    void an_error_before_the_connection_was_lost_is_still_an_answer() {
        PSQLException answer = answer("ERROR", "40001");
        answer.setNextException(new PSQLException("lost", PSQLState.CONNECTION_FAILURE, new EOFException()));

        assertThat(Conclusion.afterHandover(answer)).isEqualTo(new Conclusion(Outcome.FAILED, "40001", "no", false));
    }

    @Test
    void an_error_that_only_caused_the_failure_is_no_answer_to_the_commit() {
        PSQLException lost = new PSQLException("lost", PSQLState.CONNECTION_FAILURE, answer("ERROR", "40001"));

        assertThat(Conclusion.afterHandover(lost).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void the_state_is_found_in_causes_and_next_exceptions() {
        SQLException outer = new SQLException("outer");
        outer.setNextException(new SQLException("next", "57P01"));

        assertThat(Conclusion.afterHandover(outer)).isEqualTo(new Conclusion(Outcome.UNKNOWN, "57P01", "outer", false));
        assertThat(Conclusion.beforeCommit(new SQLException("outer", answer("ERROR", "55P03")))
                        .sqlState())
                .isEqualTo("55P03");
    }

    @Test
    void a_circle_of_exceptions_ends() {
        SQLException first = new SQLException("first");
        SQLException second = new SQLException("second");
        first.setNextException(second);
        second.initCause(first);

        assertThat(Conclusion.afterHandover(first)).isEqualTo(new Conclusion(Outcome.UNKNOWN, null, "first", false));
    }

    @Test
    void a_row_quoted_in_the_detail_is_not_repeated() {
        ServerErrorMessage words =
                new ServerErrorMessage("SERROR\0C23505\0Mduplicate key\0DKey (email)=(eve@example.org) exists.\0");

        assertThat(Conclusion.beforeCommit(new PSQLException(words)).message()).isEqualTo("duplicate key");
    }

    private static PSQLException answer(String severity, String state) {
        return new PSQLException(new ServerErrorMessage("S" + severity + "\0C" + state + "\0Mno\0"));
    }
}
