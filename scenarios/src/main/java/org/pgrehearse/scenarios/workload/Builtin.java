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

    /** Its script; empty for the shop, which is none. */
    public String script() {
        return text("");
    }

    /** What creates its tables. */
    public String schema() {
        return text("-schema");
    }

    /** What fills them at a scale. */
    public String data(long scale) {
        return text("-data").replace(":scale", Long.toString(scale));
    }

    /** The table whose deleted rows are looked for again at the end; empty when it deletes none. */
    public String keysOf() {
        return this == QUEUE ? "queue_jobs" : "";
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
}
