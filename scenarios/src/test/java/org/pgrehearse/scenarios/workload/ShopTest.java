package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ShopTest {
    private static final ShopKeys KEYS = new ShopKeys(
            100,
            50,
            LongStream.range(0, 20)
                    .mapToObj(i -> new ShopKeys.Product(new UUID(i * 7919 % 20, i), BigDecimal.valueOf(i)))
                    .toList());

    @Test
    void the_same_random_numbers_choose_the_same_transactions() {
        Shop shop = new Shop(ShopMix.usual(), KEYS);

        for (int seed = 0; seed < 200; seed++) {
            assertThat(shop.choose(new SplittableRandom(seed))).isEqualTo(shop.choose(new SplittableRandom(seed)));
        }
    }

    @Test
    void the_mix_is_as_its_weights_say() {
        Shop shop = new Shop(ShopMix.usual(), KEYS);
        Map<String, Long> counts = IntStream.range(0, 10_000)
                .mapToObj(seed -> shop.choose(new SplittableRandom(seed)).name())
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));

        assertThat(counts.get("place-order")).isBetween(1_800L, 2_200L);
        assertThat(counts.get("pay-order")).isBetween(1_300L, 1_700L);
        assertThat(counts.get("update-profile")).isBetween(800L, 1_200L);
        assertThat(counts.get("view-page")).isBetween(2_300L, 2_700L);
        assertThat(counts.get("browse")).isBetween(2_800L, 3_200L);
    }

    @Test
    void an_order_locks_its_products_in_one_order() {
        Shop shop = new Shop(new ShopMix(Map.of(ShopMix.Kind.PLACE_ORDER, 1)), KEYS);

        for (int seed = 0; seed < 500; seed++) {
            ShopTransaction.PlaceOrder order = (ShopTransaction.PlaceOrder) shop.choose(new SplittableRandom(seed));
            List<String> skus =
                    order.items().stream().map(item -> item.sku().toString()).toList();
            assertThat(skus).isNotEmpty().isSorted().doesNotHaveDuplicates();
            assertThat(order.customer()).isBetween(1L, 100L);
        }
    }

    @Test
    void only_browsing_writes_nothing() {
        Shop shop = new Shop(ShopMix.usual(), KEYS);

        for (int seed = 0; seed < 200; seed++) {
            Transaction transaction = shop.choose(new SplittableRandom(seed));
            assertThat(transaction.writes()).isEqualTo(!transaction.name().equals("browse"));
        }
    }

    @Test
    void a_mix_of_nothing_is_refused() {
        assertThatThrownBy(() -> new ShopMix(Map.of(ShopMix.Kind.BROWSE, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ShopMix(Map.of(ShopMix.Kind.BROWSE, -1, ShopMix.Kind.VIEW_PAGE, 5)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
