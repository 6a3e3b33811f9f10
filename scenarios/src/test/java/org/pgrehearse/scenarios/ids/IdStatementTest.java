package org.pgrehearse.scenarios.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IdStatementTest {
    private static final String ORDERS = "public.orders_id_seq";
    private static final String CUSTOMERS = "public.customers.id";

    private final IdCatalog catalog = catalog();

    private static IdCatalog catalog() {
        IdCatalog catalog = new IdCatalog();
        catalog.column("public", "orders", "id", true);
        catalog.column("public", "orders", "customer", false);
        catalog.column("public", "orders", "amount", false);
        catalog.column("public", "customers", "id", true);
        catalog.column("public", "customers", "name", false);
        catalog.column("other", "hidden", "id", true);
        catalog.join("public.orders.customer", "public.customers.id");
        catalog.sequence("public.orders.id", ORDERS);
        return catalog;
    }

    private List<String> places(String sql) {
        return IdStatement.of(sql, catalog).places().stream()
                .map(place -> place.value().text() + " " + place.ids() + (place.array() ? " []" : ""))
                .toList();
    }

    @Test
    void a_value_compared_with_a_column_or_stored_in_it_is_one_of_its_ids() {
        assertThat(places("SELECT * FROM orders WHERE id = $1")).containsExactly("$1 " + ORDERS);
        assertThat(places("SELECT 1 FROM public.orders AS o JOIN customers c ON c.id = o.customer"
                        + " WHERE o.id IN (1, '2'::bigint, $3) AND 7 = c.id"))
                .containsExactly("1 " + ORDERS, "2 " + ORDERS, "$3 " + ORDERS, "7 " + CUSTOMERS);
        assertThat(places("DELETE FROM orders o WHERE o.id = ANY ($1::bigint[])"))
                .containsExactly("$1 " + ORDERS + " []");
        assertThat(places("UPDATE ONLY orders SET customer = 5, amount = 6 WHERE \"id\" <> 8"))
                .contains("5 " + CUSTOMERS, "8 " + ORDERS);
        assertThat(places("INSERT INTO orders (amount, customer) VALUES (1, $1), (f(2, 3), 4::int)"))
                .contains("$1 " + CUSTOMERS, "4 " + CUSTOMERS)
                .noneMatch(place -> place.startsWith("2 ") || place.startsWith("3 "));
        assertThat(places("INSERT INTO orders VALUES (9, 10, 11)")).contains("9 " + ORDERS, "10 " + CUSTOMERS);
    }

    /** Whatever is not certain is left alone: a number of another column is never taken for an id. */
    @Test
    void a_value_without_evidence_is_of_no_column() {
        for (String sql : List.of(
                "SELECT * FROM orders WHERE id = $1 + 1",
                "SELECT * FROM orders WHERE 2 * id = 4",
                "SELECT * FROM orders WHERE id > 5",
                "SELECT * FROM orders, customers WHERE id = 5",
                "SELECT * FROM orders, f(1) WHERE id = 5",
                "SELECT * FROM unheard WHERE id = 5",
                "SELECT * FROM orders LIMIT 5",
                "SELECT '5', $$ id = 5 $$ /* id = 6 */ FROM orders -- id = 7",
                "SELECT * FROM orders WHERE id = E'5'",
                "SELECT * FROM orders a, customers a WHERE a.id = 5",
                "SELECT f(5) FROM orders",
                "INSERT INTO orders (id) SELECT 5")) {
            assertThat(places(sql)).as(sql).isEmpty();
        }
        assertThat(IdStatement.of("SELECT * FROM orders WHERE id = 5 LIMIT 6", catalog)
                        .others())
                .extracting(Token::text)
                .containsExactly("6");
    }

    @Test
    void what_an_answer_holds_is_generated_only_when_the_statement_did_not_give_it() {
        assertThat(answer("INSERT INTO orders (customer) VALUES (1) RETURNING id, customer, id + 1, id AS x"))
                .containsExactly(ORDERS, null, null, ORDERS);
        assertThat(answer("INSERT INTO orders (id, customer) VALUES (5, 1) RETURNING id"))
                .isEmpty();
        assertThat(answer("INSERT INTO orders (id, customer) VALUES (DEFAULT, 1), (default, 2) RETURNING *"))
                .containsExactly(ORDERS, null, null);
        assertThat(answer("INSERT INTO orders (id, customer) VALUES (DEFAULT, 1), (7, 2) RETURNING id"))
                .isEmpty();
        assertThat(answer("INSERT INTO orders DEFAULT VALUES RETURNING orders.id"))
                .containsExactly(ORDERS);
        assertThat(answer("SELECT nextval('orders_id_seq'::regclass), 5, currval('public.orders_id_seq')"))
                .containsExactly(ORDERS, null, ORDERS);
        assertThat(answer("SELECT lastval()")).containsExactly(IdStatement.LAST);
        assertThat(answer("UPDATE orders SET amount = 1 RETURNING id")).isEmpty();
        assertThat(answer("SELECT nextval('unheard')")).isEmpty();
    }

    private List<@Nullable String> answer(String sql) {
        return IdStatement.of(sql, catalog).answer();
    }

    @Test
    void the_columns_of_a_copy_are_those_it_names() {
        assertThat(IdStatement.of("COPY orders (amount, id) FROM STDIN", catalog)
                        .copied())
                .containsExactly("public.orders.amount", ORDERS);
        assertThat(IdStatement.of("COPY public.orders FROM STDIN", catalog).copied())
                .containsExactly(ORDERS, CUSTOMERS, "public.orders.amount");
    }
}
