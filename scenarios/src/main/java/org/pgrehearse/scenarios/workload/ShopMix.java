package org.pgrehearse.scenarios.workload;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How often each transaction of the shop is chosen, relative to the others.
 *
 * @param weights none negative, at least one positive; a kind that is missing is never chosen
 */
public record ShopMix(Map<Kind, Integer> weights) {
    public ShopMix {
        if (weights.values().stream().anyMatch(weight -> weight < 0)
                || weights.values().stream().mapToLong(Integer::longValue).sum() == 0) {
            throw new IllegalArgumentException(
                    "Cannot mix by the weights " + weights + ": none may be negative, and one must be positive.");
        }
        weights = Map.copyOf(weights);
    }

    /** A shop on a usual day: many look, some buy. */
    public static ShopMix usual() {
        Map<Kind, Integer> weights = new EnumMap<>(Kind.class);
        weights.put(Kind.PLACE_ORDER, 20);
        weights.put(Kind.PAY_ORDER, 15);
        weights.put(Kind.UPDATE_PROFILE, 10);
        weights.put(Kind.VIEW_PAGE, 25);
        weights.put(Kind.BROWSE, 30);
        return new ShopMix(weights);
    }

    Kind choose(RandomGenerator random) {
        int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
        int drawn = random.nextInt(sum);
        int seen = 0;
        for (Kind kind : Kind.values()) {
            seen += weights.getOrDefault(kind, 0);
            if (drawn < seen) {
                return kind;
            }
        }
        throw new IllegalStateException("Cannot choose by the weights " + weights + ": drew " + drawn + ".");
    }

    /** A kind of transaction. */
    public enum Kind {
        /** A new order with its items, and less stock. */
        PLACE_ORDER,
        /** A payment, and the order's new status. */
        PAY_ORDER,
        /** A change of one customer. */
        UPDATE_PROFILE,
        /** A line in a table without a key. */
        VIEW_PAGE,
        /** Reads of one customer's orders and one product. */
        BROWSE;

        /** The name in reports and scenario files, such as {@code place-order}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
