package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.CatalogFinding.Kind;
import org.pgrehearse.verifier.CatalogFinding.Severity;
import org.pgrehearse.verifier.catalog.DatabaseObject;
import org.pgrehearse.verifier.catalog.Deparse;

/**
 * Compares the objects that no table owns, by kind and name. Findings are warnings; an enum that lacks a label on the
 * target is an error, because writes with it fail, and so are rows in tables of extensions that the target lacks.
 */
final class ObjectComparer {
    private static final Pattern LABEL = Pattern.compile("'(?:[^']|'')*'");

    private final int sourceMajor;
    private final int targetMajor;

    ObjectComparer(int sourceMajor, int targetMajor) {
        this.sourceMajor = sourceMajor;
        this.targetMajor = targetMajor;
    }

    List<CatalogFinding> findings(List<DatabaseObject> source, List<DatabaseObject> target) {
        Map<String, DatabaseObject> left = byTitle(source);
        Map<String, DatabaseObject> right = byTitle(target);
        List<CatalogFinding> findings = new ArrayList<>();
        left.forEach((title, object) -> {
            DatabaseObject other = right.get(title);
            if (other == null) {
                Severity severity = isData(object) ? Severity.ERROR : Severity.WARNING;
                findings.add(new CatalogFinding(title, Kind.MISSING, severity, object.definition(), null));
            } else if (differ(object, other)) {
                findings.add(new CatalogFinding(
                        title, Kind.DIFFERENT, severity(object, other), object.definition(), other.definition()));
            }
        });
        right.forEach((title, object) -> {
            if (!left.containsKey(title)) {
                findings.add(new CatalogFinding(title, Kind.UNEXPECTED, Severity.WARNING, null, object.definition()));
            }
        });
        return findings;
    }

    private static Map<String, DatabaseObject> byTitle(List<DatabaseObject> objects) {
        return objects.stream()
                .collect(Collectors.toMap(DatabaseObject::title, object -> object, (one, _other) -> one, TreeMap::new));
    }

    /** Where two versions write queries differently, only the outlines can be compared. */
    private boolean differ(DatabaseObject one, DatabaseObject other) {
        boolean query = !one.outline().equals(one.definition());
        if (one.definition().equals(other.definition())) {
            return false;
        }
        if (query && !Deparse.sameForQueries(sourceMajor, targetMajor)) {
            return !one.outline().equals(other.outline());
        }
        return Deparse.provesDifference(one.definition(), sourceMajor, other.definition(), targetMajor);
    }

    private static Severity severity(DatabaseObject source, DatabaseObject target) {
        boolean lacks = source.kind().equals("enum") && !labels(target).containsAll(labels(source));
        return lacks || isData(source) ? Severity.ERROR : Severity.WARNING;
    }

    private static boolean isData(DatabaseObject object) {
        return object.kind().equals(DatabaseObject.EXTENSION_DATA);
    }

    private static Set<String> labels(DatabaseObject anEnum) {
        return LABEL.matcher(anEnum.definition())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
