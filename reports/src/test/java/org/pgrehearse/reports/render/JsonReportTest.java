package org.pgrehearse.reports.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.testkit.JournalBuilder;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.reports.testkit.WholeRun;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonReportTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void the_document_of_verify_is_the_one_of_the_contract() {
        JsonNode document = MAPPER.readTree(new JsonReport().of(Verifications.everything("nasty")));
        assertThat(document.propertyNames())
                .containsExactly(
                        "tool",
                        "version",
                        "command",
                        "verdict",
                        "source",
                        "target",
                        "startedAt",
                        "elapsedSeconds",
                        "continued",
                        "tables",
                        "sequences",
                        "catalog",
                        "coverage");
        assertThat(document.get("verdict").asString()).isEqualTo("divergent");
        assertThat(document.get("elapsedSeconds").asDouble()).isEqualTo(5.2);
        assertThat(document.get("source").toString())
                .isEqualTo("{\"url\":\"postgresql://127.0.0.1:5432/app\",\"serverVersion\":\"15.14\","
                        + "\"snapshotLsn\":null}");
        assertThat(document.get("tables").get(0).toString()).isEqualTo("""
                        {"source":"public.orders","target":"public.orders","verdict":"divergent","digest":"exact",\
                        "plan":"key-range","sourceRows":2000000,"targetRows":2000001,"missing":1,"unexpected":2,\
                        "changed":1,"truncated":true,"differences":[\
                        {"kind":"changed","key":{"id":"777"},"columns":[\
                        {"name":"amount","source":"111.00","target":"112.00"},\
                        {"name":"note","source":"nasty","target":null}]},\
                        {"kind":"missing","key":{"id":"1999000"}},\
                        {"kind":"unexpected","key":{"id":"nasty"}},\
                        {"kind":"unexpected","key":null,"row":{"note":null},"sourceCount":1,"targetCount":2}],\
                        "reason":null,"columns":[{"name":"amount","status":"verified","reason":null},\
                        {"name":"secret","status":"excluded","reason":"Excluded by --ignore-column."}],\
                        "columnChanges":{"rows":1,"complete":true,"columns":[{"name":"amount","rows":1}]}}""");
        assertThat(document.get("sequences").get(0).toString()).isEqualTo("""
                        {"sequence":"public.orders_id_seq","verdict":"divergent","kind":"behind-data",\
                        "sourceLast":2000000,"targetLast":1,"targetMax":2000000,"reason":null,\
                        "targetNext":2,"nextExists":true,"detail":"cache 1 → 10"}""");
        assertThat(document.get("catalog").get(0).propertyNames())
                .containsExactly("object", "kind", "severity", "source", "target");
        assertThat(document.get("tables").get(1).get("reason").asString()).isEqualTo("permission denied (42501)");
    }

    @Test
    void the_document_of_run_holds_what_the_contract_promises() {
        JsonNode document = MAPPER.readTree(new JsonReport().of(Judge.judge(WholeRun.failing())));
        assertThat(document.propertyNames())
                .contains(
                        "tool",
                        "version",
                        "command",
                        "scenario",
                        "seed",
                        "verdict",
                        "phases",
                        "faults",
                        "downtime",
                        "workload",
                        "history",
                        "verification",
                        "expectations");
        assertThat(document.get("verdict").asString()).isEqualTo("failed");
        assertThat(document.get("phases").get(2).toString())
                .isEqualTo("{\"name\":\"cutover\",\"startSeconds\":30.0,\"endSeconds\":33.9}");
        assertThat(document.get("faults").get(0).propertyNames())
                .contains("name", "startSeconds", "endSeconds", "bit", "evidence", "healed");
        assertThat(document.get("faults").get(0).get("began").toString())
                .isEqualTo("{\"notBeforeSeconds\":14.991,\"notAfterSeconds\":14.995}");
        JsonNode write = document.get("downtime").get("write");
        assertThat(write.get("totalSeconds").asDouble()).isEqualTo(1.98);
        assertThat(write.get("longestSeconds").asDouble()).isEqualTo(1.38);
        assertThat(write.get("resolutionSeconds").asDouble()).isEqualTo(0.01);
        assertThat(write.get("windows").get(0).propertyNames()).contains("startSeconds", "endSeconds", "seconds");
        assertThat(write.get("byTolerance").get(0).toString()).isEqualTo("{\"toleranceMillis\":50,\"seconds\":1.98}");
        assertThat(write.get("byTolerance").get(6).get("toleranceMillis").isNull())
                .isTrue();
        assertThat(document.get("workload").propertyNames())
                .contains("scheduled", "acknowledged", "failed", "unknown", "latencyMillis");
        assertThat(document.get("workload").get("latencyMillis").propertyNames())
                .contains("p50", "p95", "p99", "max");
        assertThat(document.get("history").propertyNames())
                .contains("lost", "duplicated", "resurrected", "unresolved", "staleReads", "splitBrain", "examples");
        assertThat(document.get("history").get("lost").asLong()).isEqualTo(16);
        assertThat(document.get("expectations").get(0).propertyNames())
                .contains("name", "limit", "observed", "verdict");
        assertThat(document.get("verification").get("command").asString()).isEqualTo("verify");
    }

    @Test
    void what_was_not_measured_is_null_and_never_zero() {
        JsonNode document = MAPPER.readTree(new JsonReport()
                .of(new JournalBuilder("lost-writes = 0")
                        .attempt(1, Outcome.FAILED, null)
                        .judged()));
        JsonNode write = document.get("downtime").get("write");
        assertThat(write.get("totalSeconds").isNull()).isTrue();
        assertThat(write.get("byTolerance")).isEmpty();
        assertThat(write.get("doubt").asString()).startsWith("no sentinel was planned");
        assertThat(document.get("workload").get("latencyMillis").get("p99").isNull())
                .isTrue();
        assertThat(document.get("verification").isNull()).isTrue();
    }

    @Test
    void the_text_is_the_same_every_time_and_ends_with_a_line_feed() {
        String once = new JsonReport().of(Judge.judge(WholeRun.failing()));
        assertThat(new JsonReport().of(Judge.judge(WholeRun.failing()))).isEqualTo(once);
        assertThat(once).startsWith("{\n  \"tool\": \"pgrehearse\",\n").endsWith("\n}\n");
    }
}
