package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The load of a shop: people place orders, pay, change their profile and look around. */
public final class Shop implements Workload {
    private static final int ITEMS_MAX = 3;
    private static final int QUANTITY_MAX = 5;
    private static final int PAGES = 500;

    private final ShopMix mix;
    private final ShopKeys keys;

    Shop(ShopMix mix, ShopKeys keys) {
        this.mix = mix;
        this.keys = keys;
    }

    /**
     * A shop whose keys are those the source holds now.
     *
     * @throws SQLException when they cannot be read, or a table is empty
     */
    public static Shop on(Connection source, ShopMix mix) throws SQLException {
        return new Shop(mix, ShopKeys.read(source));
    }

    @Override
    public String name() {
        return "shop";
    }

    @Override
    public Transaction choose(RandomGenerator random) {
        return switch (mix.choose(random)) {
            case PLACE_ORDER -> new ShopTransaction.PlaceOrder(customer(random), items(random));
            case PAY_ORDER -> new ShopTransaction.PayOrder(1 + random.nextLong(keys.orderMax()));
            case UPDATE_PROFILE -> new ShopTransaction.UpdateProfile(customer(random), 1 + random.nextInt(100));
            case VIEW_PAGE ->
                new ShopTransaction.ViewPage(
                        new UUID(random.nextLong(), random.nextLong()),
                        "/products/" + random.nextInt(PAGES),
                        random.nextDouble() * 60,
                        "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256));
            case BROWSE ->
                new ShopTransaction.Browse(customer(random), product(random).sku());
        };
    }

    private long customer(RandomGenerator random) {
        return 1 + random.nextLong(keys.customerMax());
    }

    /** Different products in the order of their keys, so that two orders never lock the same two in opposite ways. */
    private List<ShopTransaction.Item> items(RandomGenerator random) {
        int count = 1 + random.nextInt(ITEMS_MAX);
        return IntStream.range(0, count)
                .mapToObj(i -> product(random))
                .distinct()
                .sorted(Comparator.comparing(product -> product.sku().toString()))
                .map(product ->
                        new ShopTransaction.Item(product.sku(), 1 + random.nextInt(QUANTITY_MAX), product.price()))
                .toList();
    }

    private ShopKeys.Product product(RandomGenerator random) {
        return keys.products().get(random.nextInt(keys.products().size()));
    }
}
