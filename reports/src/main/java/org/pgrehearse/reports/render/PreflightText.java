package org.pgrehearse.reports.render;

import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.preflight.Check.Severity;
import org.pgrehearse.verifier.preflight.Inspection;

/** What {@code preflight} says on a terminal. */
final class PreflightText {
    private static final String INDENT = "  ";
    private static final int FIX_CHARS_MAX = 1_000;

    private PreflightText() {}

    static String of(Inspection inspection) {
        StringBuilder text = new StringBuilder();
        long errors = inspection.findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .count();
        text.append(inspection.word())
                .append(": ")
                .append(count(errors, "error"))
                .append(", ")
                .append(count(inspection.findings().size() - errors, "warning"))
                .append(", ")
                .append(inspection.unchecked().size())
                .append(" unchecked\n");
        Columns sides = new Columns("ll").row("source", endpoint(inspection.source()));
        inspection.target().ifPresent(target -> sides.row("target", endpoint(target)));
        text.append(sides.text(INDENT));
        for (Inspection.Finding finding : inspection.findings()) {
            text.append("\n%s %s on the %s: %s\n"
                    .formatted(finding.severity(), finding.check(), finding.side(), Values.oneLine(finding.object())));
            text.append(INDENT).append(Values.oneLine(finding.detail())).append('\n');
            text.append(INDENT)
                    .append("fix: ")
                    .append(Values.oneLine(finding.fix(), FIX_CHARS_MAX))
                    .append('\n');
        }
        if (!inspection.unchecked().isEmpty()) {
            text.append("\nunchecked\n");
            Columns columns = new Columns("lll");
            inspection
                    .unchecked()
                    .forEach(each -> columns.row(
                            each.check(), each.side().toString(), Values.oneLine(each.reason(), FIX_CHARS_MAX)));
            text.append(columns.text(INDENT));
        }
        return text.toString();
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String endpoint(Verification.Endpoint endpoint) {
        return endpoint.url() + "  (PostgreSQL " + endpoint.serverVersion() + ")";
    }
}
