package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.workload.ReplaySessions.Group;
import org.pgrehearse.scenarios.workload.ReplaySessions.Kind;

final class ReplaySessionsTest {
    @Test
    void statements_are_cut_into_the_transactions_they_belonged_to() {
        List<ReplaySessions.Session> sessions = ReplaySessions.of(List.of(
                at("a", 1, "BEGIN"),
                at("b", 2, "SELECT 1"),
                at("a", 3, "UPDATE t SET a = 1"),
                at("a", 4, "COMMIT"),
                at("b", 5, "delete from t"),
                at("b", 6, "begin"),
                at("b", 7, "DELETE FROM t"),
                at("b", 8, "ROLLBACK"),
                at("a", 9, "VACUUM t"),
                at("b", 10, "BEGIN READ ONLY"),
                at("b", 11, "CALL p()"),
                at("b", 12, "END;"),
                at("a", 13, "START TRANSACTION"),
                at("a", 14, "DELETE FROM t"),
                new Recorded("b", 20, null, List.of(), -1, "")));

        assertThat(sessions).hasSize(2);
        assertThat(sessions.getFirst().groups())
                .extracting(Group::kind)
                .containsExactly(Kind.PROVEN, Kind.AS_IS, Kind.UNFINISHED);
        assertThat(sessions.getFirst().groups().getFirst().statements()).hasSize(3);
        assertThat(sessions.getLast().groups())
                .extracting(Group::kind)
                .containsExactly(Kind.READS, Kind.PROVEN, Kind.AS_IS, Kind.AS_IS);
        assertThat(sessions.getLast().endMicros()).isEqualTo(20);
    }

    @Test
    void a_transaction_with_a_failure_in_it_is_never_joined_by_the_ledger() {
        List<ReplaySessions.Session> sessions = ReplaySessions.of(List.of(
                at("a", 1, "BEGIN"),
                new Recorded("a", 2, "UPDATE t SET a = 1 / 0", List.of(), -1, "22012"),
                at("a", 3, "COMMIT")));

        assertThat(sessions.getFirst().groups()).extracting(Group::kind).containsExactly(Kind.AS_IS);
    }

    @Test
    void parameters_find_their_places_in_any_order_and_outside_of_quotes() {
        ReplayStatement.Bound bound =
                ReplayStatement.Bound.of("SELECT '$1', $2, $1, $2, a ? 'k' -- $1", Arrays.asList("one", null));

        assertThat(bound.sql()).isEqualTo("SELECT '$1', ?, ?, ?, a ?? 'k' -- $1");
        assertThat(bound.values()).containsExactly(null, "one", null);
    }

    private static Recorded at(String session, long micros, String sql) {
        return new Recorded(session, micros, sql, List.of(), -1, "");
    }
}
