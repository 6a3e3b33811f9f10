package org.pgrehearse.scenarios.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A workload that comes with pgrehearse. All but the shop are scripts with tables of their own. */
public enum Builtin {
    SHOP,
    TPCB,
    TPCC,
    BANK,
    COUNTERS,
    QUEUE;

    /** The one of this name. */
    public static Optional<Builtin> named(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst();
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Builtin::label).toList();
    }

    /** As a scenario says it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its scripts with their shares; empty for the shop, which is none. */
    public List<Part> parts() {
        return switch (this) {
            case SHOP -> List.of();
            case TPCC ->
                List.of(
                        part("new-order", 45, ""),
                        part("payment", 43, ""),
                        part("order-status", 4, ""),
                        part("delivery", 4, "tpcc_new_order"),
                        part("stock-level", 4, ""));
            case QUEUE -> List.of(new Part(label(), text(""), 1, "queue_jobs"));
            case TPCB, BANK, COUNTERS -> List.of(new Part(label(), text(""), 1, ""));
        };
    }

    private Part part(String name, int weight, String keysOf) {
        return new Part(label() + "-" + name, text("-" + name), weight, keysOf);
    }

    /** What creates its tables. */
    public String schema() {
        return text("-schema");
    }

    /** What fills them at a scale. */
    public String data(long scale) {
        return text("-data").replace(":scale", Long.toString(scale));
    }

    private String text(String suffix) {
        if (this == SHOP) {
            return "";
        }
        String resource = label() + suffix + ".sql";
        try (InputStream stream = Builtin.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The resource " + resource + " is missing.");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + resource, e);
        }
    }

    /**
     * One of its transactions.
     *
     * @param name as the journal calls it
     * @param script its text
     * @param weight its share among the others
     * @param keysOf the table whose deleted rows are looked for again at the end; empty when it deletes none
     */
    public record Part(String name, String script, int weight, String keysOf) {}
}
