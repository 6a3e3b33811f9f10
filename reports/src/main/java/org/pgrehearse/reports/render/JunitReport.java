package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.analysis.ExpectationResult;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/**
 * JUnit's XML for a CI server: one case for each expectation, table, sequence and catalogue finding, and one for the
 * verdict itself. What is refuted is a failure; what is inconclusive is an error.
 */
public final class JunitReport {
    private static final int DIFFERENCES_MAX = 20;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    /** One case. */
    private record Case(String group, String name, RunVerdict verdict, String message, String text) {}

    /** The suite of a rehearsal. */
    public String of(Judgement judgement) {
        List<Case> cases = new ArrayList<>();
        judgement.expectations().forEach(each -> cases.add(of(each)));
        if (judgement.verification() != null) {
            cases.addAll(cases(judgement.verification()));
        }
        StringBuilder reasons = new StringBuilder();
        judgement.reasons().forEach(reason -> reasons.append(reason.text()).append('\n'));
        cases.add(new Case("run", "verdict", judgement.verdict(), judgement.headline(), reasons.toString()));
        return suite(judgement.run().scenario(), judgement.run().durationNanos() / NANOS_PER_SECOND, cases);
    }

    /** The suite of a comparison alone. */
    public String of(Verification verification) {
        List<Case> cases = new ArrayList<>(cases(verification));
        RunVerdict verdict = verdict(verification.verdict());
        cases.add(new Case("verify", "verdict", verdict, Sentences.summary(verification), ""));
        return suite("verify", verification.elapsed().toMillis() / MILLIS_PER_SECOND, cases);
    }

    private static Case of(ExpectationResult each) {
        String observed = "observed " + each.observed();
        return new Case(
                "expectations",
                each.name() + " " + each.limit(),
                each.verdict(),
                each.reason().isEmpty() ? observed : observed + ": " + each.reason(),
                "");
    }

    private static List<Case> cases(Verification verification) {
        List<Case> cases = new ArrayList<>();
        verification.tables().forEach(table -> cases.add(of(table)));
        verification.sequences().forEach(sequence -> cases.add(of(sequence)));
        verification.catalog().forEach(finding -> cases.add(of(finding)));
        verification
                .coverage()
                .forEach(skipped -> cases.add(new Case(
                        "coverage",
                        skipped.object(),
                        skipped.status() == Verification.Skipped.Status.SKIPPED
                                ? RunVerdict.INCONCLUSIVE
                                : RunVerdict.PASSED,
                        "not compared: " + skipped.reason(),
                        "")));
        return cases;
    }

    private static Case of(TableComparison table) {
        String message = table.reason() == null
                ? table.missing() + " missing, " + table.unexpected() + " unexpected, " + table.changed() + " changed"
                : table.reason();
        StringBuilder text = new StringBuilder();
        table.differences().stream()
                .limit(DIFFERENCES_MAX)
                .forEach(difference ->
                        text.append(Sentences.difference(difference)).append('\n'));
        return new Case("tables", Sentences.name(table), verdict(table.verdict()), message, text.toString());
    }

    private static Case of(SequenceComparison sequence) {
        String message = sequence.reason() == null
                ? sequence.kind() + ": source last " + Words.orAbsent(sequence.sourceLast()) + ", target last "
                        + Words.orAbsent(sequence.targetLast()) + ", target max " + Words.orAbsent(sequence.targetMax())
                : sequence.reason();
        return new Case("sequences", sequence.sequence(), verdict(sequence.verdict()), message, "");
    }

    private static Case of(CatalogFinding finding) {
        return new Case(
                "catalog",
                finding.object(),
                verdict(finding.verdict()),
                finding.kind().name().toLowerCase(Locale.ROOT),
                "source: " + Words.orAbsent(finding.source()) + "\ntarget: " + Words.orAbsent(finding.target()) + "\n");
    }

    private static RunVerdict verdict(Verdict verdict) {
        return switch (verdict) {
            case CONSISTENT -> RunVerdict.PASSED;
            case DIVERGENT -> RunVerdict.FAILED;
            case INCONCLUSIVE -> RunVerdict.INCONCLUSIVE;
        };
    }

    private static String suite(String name, double seconds, List<Case> cases) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        xml.append("<testsuite name=\"").append(Xml.text(Product.NAME + "." + name));
        xml.append("\" tests=\"").append(cases.size());
        xml.append("\" failures=\"").append(count(cases, RunVerdict.FAILED));
        xml.append("\" errors=\"").append(count(cases, RunVerdict.INCONCLUSIVE));
        xml.append("\" skipped=\"0\" time=\"")
                .append(String.format(Locale.ROOT, "%.3f", seconds))
                .append("\">\n");
        cases.forEach(each -> append(xml, name, each));
        return xml.append("</testsuite>\n</testsuites>\n").toString();
    }

    private static void append(StringBuilder xml, String suite, Case each) {
        xml.append("<testcase classname=\"").append(Xml.text(Product.NAME + "." + suite + "." + each.group()));
        xml.append("\" name=\"").append(Xml.text(each.name())).append("\" time=\"0\"");
        if (each.verdict() == RunVerdict.PASSED) {
            xml.append("/>\n");
            return;
        }
        String element = each.verdict() == RunVerdict.FAILED ? "failure" : "error";
        xml.append(">\n<")
                .append(element)
                .append(" type=\"")
                .append(each.verdict().word());
        xml.append("\" message=\"").append(Xml.text(each.message())).append("\">");
        xml.append(Xml.text(each.text())).append("</").append(element).append(">\n</testcase>\n");
    }

    private static long count(List<Case> cases, RunVerdict verdict) {
        return cases.stream().filter(each -> each.verdict() == verdict).count();
    }
}
