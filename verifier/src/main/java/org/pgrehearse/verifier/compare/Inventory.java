package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.CatalogFinding.Kind;
import org.pgrehearse.verifier.CatalogFinding.Severity;
import org.pgrehearse.verifier.Verification.Skipped;
import org.pgrehearse.verifier.catalog.CollationVersions;
import org.pgrehearse.verifier.catalog.DatabaseObject;
import org.pgrehearse.verifier.catalog.ObjectReader;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.catalog.Unstored;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/**
 * What the catalogues of two databases say differently, and what of the databases was not looked at.
 *
 * @param gaps what was not compared, with the reason
 */
record Inventory(List<CatalogFinding> findings, List<Skipped> gaps) {
    Inventory {
        findings = List.copyOf(findings);
        gaps = List.copyOf(gaps);
    }

    /**
     * Compares the catalogues.
     *
     * @param whole whether everything is compared; of some tables only what belongs to them is
     */
    static Inventory of(Snapshot source, Snapshot target, List<TablePair> pairs, boolean whole)
            throws InterruptedException {
        int sourceMajor = source.server().major();
        int targetMajor = target.server().major();
        List<CatalogFinding> findings = new ArrayList<>(new CatalogComparer(sourceMajor, targetMajor).findings(pairs));
        List<Skipped> gaps = new ArrayList<>();
        if (!whole) {
            return new Inventory(findings, gaps);
        }
        try {
            findings.addAll(new ObjectComparer(sourceMajor, targetMajor).findings(objects(source), objects(target)));
            findings.addAll(collations(source));
            findings.addAll(collations(target));
            new LargeObjects(source, target).compare(findings, gaps);
            unstored(source, target).forEach(gaps::add);
        } catch (ReadFailedException e) {
            gaps.add(new Skipped("catalogue", e.reason("the catalogue")));
        }
        return new Inventory(findings, gaps);
    }

    private static List<DatabaseObject> objects(Snapshot of) throws ReadFailedException, InterruptedException {
        return of.read(session -> ObjectReader.read(session, of.server().major()));
    }

    private static List<CatalogFinding> collations(Snapshot of) throws ReadFailedException, InterruptedException {
        return of.read(session -> CollationVersions.stale(session, of.server().major())).stream()
                .map(stale -> new CatalogFinding(
                        stale.object() + " on the " + of.side(),
                        Kind.INVALID,
                        Severity.WARNING,
                        "made with version " + stale.recorded(),
                        "sorted with version " + stale.actual()))
                .toList();
    }

    private static List<Skipped> unstored(Snapshot source, Snapshot target)
            throws ReadFailedException, InterruptedException {
        List<Unstored> left = source.read(Unstored::read);
        List<Unstored> right = target.read(Unstored::read);
        return Stream.concat(left.stream(), right.stream())
                .distinct()
                .map(one -> new Skipped(one.kind() + " " + one.name(), Skipped.Status.EXCLUDED, one.reason()))
                .toList();
    }
}
