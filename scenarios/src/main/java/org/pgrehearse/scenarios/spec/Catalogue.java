package org.pgrehearse.scenarios.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The scenarios that come with pgrehearse, by name. */
public final class Catalogue {
    private static final List<String> NAMES =
            List.of("logical-cutover", "textbook-cutover", "null-run", "known-outage", "unknown-commits");

    /** Changes within one database; each sound one is followed by what people do instead. */
    private static final List<String> SCHEMA_CHANGES = List.of(
            "lock-timeout-retry",
            "lock-queue",
            "constraint-not-valid",
            "constraint-at-once",
            "index-concurrently",
            "index-at-once",
            "invalid-index",
            "backfill-keyset",
            "backfill-offset",
            "backfill-between",
            "backfill-border",
            "backfill-swallowed");

    private Catalogue() {}

    /** All names, in the order they are listed to users. */
    public static List<String> names() {
        return Stream.concat(NAMES.stream(), SCHEMA_CHANGES.stream()).toList();
    }

    /** The text of a scenario; empty when there is none of that name. */
    public static Optional<String> yaml(String name) {
        if (!names().contains(name)) {
            return Optional.empty();
        }
        try (InputStream resource =
                Catalogue.class.getResourceAsStream("/org/pgrehearse/scenarios/catalogue/" + name + ".yaml")) {
            if (resource == null) {
                throw new IllegalStateException("the catalogue lacks its own scenario " + name);
            }
            return Optional.of(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
