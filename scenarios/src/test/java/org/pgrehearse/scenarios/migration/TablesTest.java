package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TablesTest {
    private static final List<String> ALL = List.of("shop.orders", "shop.order_items", "pgrehearse.ledger");

    @Test
    void patterns_choose_and_exceptions_take_away() throws StepFailed {
        assertThat(Tables.chosen(ALL, "*")).isEqualTo(ALL);
        assertThat(Tables.chosen(ALL, "shop.*")).containsExactly("shop.orders", "shop.order_items");
        assertThat(Tables.chosen(ALL, "*, !shop.orders")).containsExactly("shop.order_items", "pgrehearse.ledger");
        assertThat(Tables.chosen(ALL, "shop.orders")).containsExactly("shop.orders");
    }

    @Test
    void a_dot_is_a_dot() {
        assertThatThrownBy(() -> Tables.chosen(ALL, "shop_orders, shopxorders"))
                .isInstanceOf(StepFailed.class)
                .hasMessage("Cannot find a table for \"shop_orders, shopxorders\". There are: shop.orders,"
                        + " shop.order_items, pgrehearse.ledger.");
    }
}
