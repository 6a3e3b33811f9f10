package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.CatalogFinding.Kind;
import org.pgrehearse.verifier.CatalogFinding.Severity;
import org.pgrehearse.verifier.Verification.Skipped;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.RowStream;
import org.pgrehearse.verifier.snapshot.Session;
import org.pgrehearse.verifier.snapshot.Snapshot;

/**
 * Compares large objects by number and content: all are counted, the first few are named. Pages that hold nothing but
 * zeros are the same as pages that are not stored.
 */
final class LargeObjects {
    private static final int NAMED_MAX = 20;
    private static final int PAGE_BYTES = 2_048;

    private static final String PRESENT =
            "SELECT count(*), has_table_privilege('pg_largeobject', 'SELECT')" + " FROM pg_largeobject_metadata";

    private static final String CONTENTS = """
            SELECT m.oid::int8, coalesce(max(p.pageno::int8 * %1$d + octet_length(p.data)), 0),
              coalesce(sum(hashint4extended(7, hash_array_extended(ARRAY[p.full], p.pageno + 1)))
                FILTER (WHERE p.full <> decode(repeat('00', %1$d), 'hex')), 0)::text
            FROM pg_largeobject_metadata m LEFT JOIN (
              SELECT l.loid, l.pageno, l.data, substr(l.data || decode(repeat('00', %1$d), 'hex'), 1, %1$d) AS full
              FROM pg_largeobject l) p ON p.loid = m.oid
            GROUP BY m.oid ORDER BY m.oid
            """.formatted(PAGE_BYTES);

    private final Snapshot source;
    private final Snapshot target;
    private final List<CatalogFinding> named = new ArrayList<>();
    private long missing;
    private long unexpected;
    private long different;

    LargeObjects(Snapshot source, Snapshot target) {
        this.source = source;
        this.target = target;
    }

    private record Content(long oid, long length, String sum) {
        String described() {
            return length + " bytes";
        }
    }

    private record Present(long count, boolean readable) {}

    /** Adds what differs; what could not be read becomes a gap. */
    void compare(List<CatalogFinding> findings, List<Skipped> gaps) throws ReadFailedException, InterruptedException {
        Present left = present(source);
        Present right = present(target);
        if (left.count() + right.count() == 0) {
            return;
        }
        if (!left.readable() || !right.readable()) {
            gaps.add(new Skipped(
                    "large objects",
                    "Cannot read pg_largeobject on " + (left.readable() ? "target" : "source")
                            + ": permission denied (42501). There are " + left.count() + " on the source and "
                            + right.count() + " on the target. Run as a superuser, or grant SELECT on it."));
            return;
        }
        long differing = source.read(from -> target.read(to -> merge(from, to)));
        findings.addAll(named);
        if (differing > named.size()) {
            findings.add(new CatalogFinding(
                    "large objects",
                    Kind.DIFFERENT,
                    Severity.ERROR,
                    left.count() + " in all, " + missing + " of them missing on the target, " + different
                            + " different",
                    right.count() + " in all, " + unexpected + " of them unexpected"));
        }
    }

    private static Present present(Snapshot snapshot) throws ReadFailedException, InterruptedException {
        return snapshot.read(session -> session.first(PRESENT, row -> new Present(row.getLong(1), row.getBoolean(2))))
                .orElse(new Present(0, false));
    }

    private static RowStream<Content> contents(Session session) throws ReadFailedException {
        return session.stream(CONTENTS, row -> new Content(row.getLong(1), row.getLong(2), row.getString(3)));
    }

    private long merge(Session from, Session to) throws ReadFailedException {
        named.clear();
        missing = 0;
        unexpected = 0;
        different = 0;
        try (RowStream<Content> left = contents(from);
                RowStream<Content> right = contents(to)) {
            Optional<Content> one = left.next();
            Optional<Content> other = right.next();
            while (one.isPresent() || other.isPresent()) {
                int order = order(one, other);
                add(order <= 0 ? one.orElse(null) : null, order >= 0 ? other.orElse(null) : null);
                one = order <= 0 ? left.next() : one;
                other = order >= 0 ? right.next() : other;
            }
        }
        return missing + unexpected + different;
    }

    private static int order(Optional<Content> one, Optional<Content> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? -1 : 1;
        }
        return Long.compare(one.get().oid(), other.get().oid());
    }

    private void add(@Nullable Content one, @Nullable Content other) {
        if (one != null && one.equals(other)) {
            return;
        }
        missing += other == null ? 1 : 0;
        unexpected += one == null ? 1 : 0;
        different += one != null && other != null ? 1 : 0;
        Content either = one != null ? one : other;
        if (named.size() < NAMED_MAX && either != null) {
            named.add(new CatalogFinding(
                    "large object " + either.oid(),
                    one == null ? Kind.UNEXPECTED : other == null ? Kind.MISSING : Kind.DIFFERENT,
                    one == null ? Severity.WARNING : Severity.ERROR,
                    one == null ? null : one.described(),
                    other == null ? null : other.described()));
        }
    }
}
