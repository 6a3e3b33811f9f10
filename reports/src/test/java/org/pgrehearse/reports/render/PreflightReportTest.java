package org.pgrehearse.reports.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.preflight.Check.Severity;
import org.pgrehearse.verifier.preflight.Inspection;
import org.pgrehearse.verifier.preflight.Inspection.Finding;
import org.pgrehearse.verifier.preflight.Inspection.Unchecked;
import org.pgrehearse.verifier.preflight.Migration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PreflightReportTest {
    private static final Finding KEYLESS = finding("no-replica-identity", Severity.ERROR);
    private static final Finding SLOT = finding("idle-slot", Severity.WARNING);
    private static final Unchecked HIDDEN = new Unchecked("no-statistics", Side.SOURCE, "GRANT SELECT ON t TO r;");

    @Test
    void text_tells_each_finding_with_its_fix_and_what_was_not_checked() {
        assertThat(new TextReport().of(inspection(List.of(KEYLESS, SLOT), List.of(HIDDEN))))
                .isEqualTo("""
                        blocked: 1 error, 1 warning, 1 unchecked
                          source  postgresql://127.0.0.1:5432/app  (PostgreSQL 15.14)

                        error no-replica-identity on the source: public.t\\n
                          wrong
                          fix: ALTER TABLE

                        warning idle-slot on the source: public.t\\n
                          wrong
                          fix: ALTER TABLE

                        unchecked
                          no-statistics  source  GRANT SELECT ON t TO r;
                        """);
    }

    @Test
    void json_has_the_fields_of_the_contract() {
        JsonNode document =
                JsonMapper.shared().readTree(new JsonReport().of(inspection(List.of(KEYLESS), List.of(HIDDEN))));
        assertThat(document.at("/command").asString()).isEqualTo("preflight");
        assertThat(document.at("/verdict").asString()).isEqualTo("blocked");
        assertThat(document.at("/source/serverVersion").asString()).isEqualTo("15.14");
        assertThat(document.at("/target").isNull()).isTrue();
        JsonNode finding = document.at("/findings/0");
        assertThat(finding.at("/check").asString()).isEqualTo("no-replica-identity");
        assertThat(finding.at("/object").asString()).isEqualTo("public.t\n");
        assertThat(finding.at("/severity").asString()).isEqualTo("error");
        assertThat(finding.at("/detail").asString()).isEqualTo("wrong");
        assertThat(finding.at("/fix").asString()).isEqualTo("ALTER TABLE");
        assertThat(finding.at("/side").asString()).isEqualTo("source");
        assertThat(finding.at("/affects/0").asString()).isEqualTo("logical-replication");
        assertThat(document.at("/unchecked/0/reason").asString()).contains("GRANT");
    }

    @Test
    void an_error_goes_before_doubt_and_doubt_before_readiness() {
        assertThat(inspection(List.of(KEYLESS), List.of(HIDDEN)).verdict().exitCode())
                .isEqualTo(1);
        assertThat(inspection(List.of(SLOT), List.of(HIDDEN)).verdict().exitCode())
                .isEqualTo(2);
        assertThat(inspection(List.of(SLOT), List.of()).verdict().exitCode()).isZero();
        assertThat(inspection(List.of(SLOT), List.of(HIDDEN)).word()).isEqualTo("inconclusive");
        assertThat(inspection(List.of(), List.of()).word()).isEqualTo("ready");
    }

    private static Finding finding(String check, Severity severity) {
        return new Finding(
                check,
                "public.t\n",
                severity,
                "wrong",
                "ALTER TABLE",
                Side.SOURCE,
                Set.of(Migration.PGLOGICAL, Migration.LOGICAL_REPLICATION));
    }

    private static Inspection inspection(List<Finding> findings, List<Unchecked> unchecked) {
        return new Inspection(
                new Verification.Endpoint("postgresql://127.0.0.1:5432/app", "15.14", null),
                Optional.empty(),
                findings,
                unchecked);
    }
}
