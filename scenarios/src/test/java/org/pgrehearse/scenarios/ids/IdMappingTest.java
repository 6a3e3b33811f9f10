package org.pgrehearse.scenarios.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.capture.Recorded;

final class IdMappingTest {
    private static final String INSERT = "INSERT INTO orders (customer) VALUES (1) RETURNING id";

    private static IdCatalog catalog() {
        IdCatalog catalog = new IdCatalog();
        catalog.column("public", "orders", "id", true);
        catalog.column("public", "orders", "customer", false);
        return catalog;
    }

    private static Recorded made(long atMicros, String id) {
        return new Recorded("a", atMicros, INSERT, List.of(), 10, "", List.of(List.of(id)), null);
    }

    private static Recorded used(long atMicros, String sql, String... parameters) {
        return new Recorded("b", atMicros, sql, new ArrayList<>(Arrays.asList(parameters)), 10, "");
    }

    @Test
    void what_the_replay_did_not_make_stays_as_it_is_and_is_counted() throws InterruptedException {
        Recorded insert = made(0, "17");
        IdMapping ids = IdMapping.of(List.of(insert), catalog());
        ids.committed(insert);

        IdMapping.Mapped mapped = ids.map(used(100, "DELETE FROM orders WHERE id = 17 AND customer = 17"));
        assertThat(mapped.sql()).isEqualTo("DELETE FROM orders WHERE id = 17 AND customer = 17");
        assertThat(mapped.unmapped()).isEqualTo(1);
        assertThat(mapped.mapped()).isZero();
    }

    @Test
    void a_value_that_was_used_before_it_was_generated_is_another() throws InterruptedException {
        Recorded insert = made(1_000, "17");
        IdMapping ids = IdMapping.of(List.of(insert), catalog());
        ids.committed(insert);

        assertThat(ids.map(used(100, "DELETE FROM orders WHERE id = 17")).unmapped())
                .isZero();
        assertThat(ids.map(used(2_000, "DELETE FROM orders WHERE id = 17")).unmapped())
                .isEqualTo(1);
    }

    @Test
    void equal_numbers_elsewhere_are_counted_and_left_alone() throws InterruptedException {
        IdMapping ids = IdMapping.of(List.of(made(0, "17")), catalog());

        IdMapping.Mapped mapped = ids.map(used(100, "SELECT f($1), 17, 18", "17"));
        assertThat(mapped.unproven()).isEqualTo(2);
        assertThat(mapped.sql()).isEqualTo("SELECT f($1), 17, 18");
        assertThat(mapped.parameters()).containsExactly("17");
    }

    @Test
    void a_recording_without_answers_maps_nothing_and_says_how_many_it_lacks() throws InterruptedException {
        IdMapping ids = IdMapping.of(List.of(used(0, INSERT), used(1, INSERT)), catalog());

        assertThat(ids.silent()).isEqualTo(2);
        assertThat(ids.isEmpty()).isTrue();
        assertThat(ids.map(used(5, "DELETE FROM orders WHERE id = 1")).sql()).endsWith("id = 1");
    }
}
