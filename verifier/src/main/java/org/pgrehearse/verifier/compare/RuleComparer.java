package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.CatalogFinding.Kind;
import org.pgrehearse.verifier.CatalogFinding.Severity;
import org.pgrehearse.verifier.catalog.Deparse;
import org.pgrehearse.verifier.catalog.Rule;
import org.pgrehearse.verifier.catalog.Table;

/**
 * Compares the rules of two tables by what they define, then by name. Findings are warnings: a rule guards data and is
 * not data, and migrations change rules on purpose. Only a table that a crash would empty on the target is an error.
 */
final class RuleComparer {
    private final int sourceMajor;
    private final int targetMajor;

    RuleComparer(int sourceMajor, int targetMajor) {
        this.sourceMajor = sourceMajor;
        this.targetMajor = targetMajor;
    }

    List<CatalogFinding> findings(Table source, Table target) {
        List<CatalogFinding> findings = new ArrayList<>();
        List<Rule> left = new ArrayList<>(source.rules());
        List<Rule> right = new ArrayList<>(target.rules());
        for (Rule rule : source.rules()) {
            take(right, other -> sameMeaning(rule, other)).ifPresent(other -> {
                left.remove(rule);
                if (rule.valid() && !other.valid()) {
                    findings.add(finding(target, other, Kind.INVALID, rule.definition(), other.definition()));
                }
            });
        }
        for (Rule rule : left) {
            Optional<Rule> other = take(right, candidate -> sameName(rule, candidate));
            if (other.isEmpty() || provesDifference(rule, other.get())) {
                findings.add(finding(
                        source,
                        rule,
                        other.isPresent() ? Kind.DIFFERENT : Kind.MISSING,
                        rule.definition(),
                        other.map(Rule::definition).orElse("")));
            }
        }
        right.forEach(rule -> findings.add(finding(target, rule, Kind.UNEXPECTED, "", rule.definition())));
        return findings;
    }

    private boolean provesDifference(Rule one, Rule other) {
        return Deparse.provesDifference(one.definition(), sourceMajor, other.definition(), targetMajor);
    }

    private static Optional<Rule> take(List<Rule> rules, Predicate<Rule> wanted) {
        Optional<Rule> found = rules.stream().filter(wanted).findFirst();
        found.ifPresent(rules::remove);
        return found;
    }

    private static boolean sameMeaning(Rule one, Rule other) {
        return one.kind().equals(other.kind()) && one.definition().equals(other.definition());
    }

    private static boolean sameName(Rule one, Rule other) {
        return one.kind().equals(other.kind()) && one.name().equals(other.name());
    }

    private static CatalogFinding finding(Table table, Rule rule, Kind kind, String source, String target) {
        String object = rule.kind().endsWith("index")
                ? "index " + table.name().schema() + "." + rule.name()
                : rule.kind() + (rule.name().isEmpty() ? "" : " " + rule.name()) + " of " + table.name();
        boolean volatileTarget = rule.kind().equals("persistence") && target.equals("unlogged");
        return new CatalogFinding(
                object,
                kind,
                volatileTarget ? Severity.ERROR : Severity.WARNING,
                source.isEmpty() ? null : rule.kind() + " " + source,
                target.isEmpty() ? null : rule.kind() + " " + target);
    }
}
