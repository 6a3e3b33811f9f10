package org.pgrehearse.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.scenarios.RehearsalWords;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;

/** What a scenario may say about faults that follow the protocol, read by the real reader. */
final class WireFaultWordsTest {
    private static final String BEFORE =
            Catalogue.yaml("null-run").orElseThrow() + "\nfaults:\n  - {name: f, on: source, ";

    @Test
    void every_kind_is_read_with_its_defaults() throws InvalidScenario {
        assertThat(label("fault: at-commit"))
                .isEqualTo("close around a COMMIT, before-forwarding, any connection, every 1, 1 times");
        assertThat(label("fault: at-statement, matches: '^UPDATE'"))
                .isEqualTo("close before a statement with \"^UPDATE\", any connection, every 1, 1 times");
        assertThat(label("fault: in-row")).startsWith("close in row 1");
        assertThat(label("fault: in-copy")).startsWith("close after 1 messages of a COPY upstream");
        assertThat(label("fault: in-replicated-transaction")).startsWith("close after 1 changes");
        assertThat(label("fault: at-lsn, lsn: 16/B374D848")).startsWith("close at LSN 16/B374D848");
        assertThat(label("fault: at-standby-status")).startsWith("close at a standby's status");
    }

    @Test
    void every_action_and_everybody_can_be_named() throws InvalidScenario {
        assertThat(label("fault: at-commit, point: after-ready, action: reset, whom: user web, nth: 3, at-most: 7"))
                .isEqualTo("reset around a COMMIT, after-ready, user web, every 3, 7 times");
        assertThat(label("fault: at-statement, matches: x, action: fail, sqlstate: '53300', whom: application web-1"))
                .isEqualTo("failure with 53300 before a statement with \"x\", application web-1, every 1, 1 times");
        assertThat(label("fault: in-copy, direction: downstream, unit: bytes, action: terminate, whom: share 0.25"))
                .isEqualTo("termination after 1 bytes of a COPY downstream, a share of 0.25, every 1, 1 times");
        assertThat(label("fault: in-row, number: 4, action: delay, delay: 2s, whom: connection 2"))
                .isEqualTo("delay of 2000 ms in row 4, connection 2, every 1, 1 times");
        assertThat(label("fault: at-standby-status, action: drop, whom: database app"))
                .isEqualTo("drop at a standby's status, database app, every 1, 1 times");
        assertThat(label("fault: in-row, action: blackhole, whom: process 123"))
                .isEqualTo("blackhole in row 1, the connection of process 123, every 1, 1 times");
    }

    @Test
    void what_makes_no_sense_is_told_with_its_line() {
        assertThat(problem("fault: at-statement, matches: '('")).contains("\"(\" is no regular expression");
        assertThat(problem("fault: at-lsn, lsn: high")).contains("\"high\" is not a position such as 16/B374D848");
        assertThat(problem("fault: in-row, action: drop")).contains("only a standby's status can be dropped alone");
        assertThat(problem("fault: in-row, action: fail")).contains("a failure needs a request");
        assertThat(problem("fault: at-commit, point: after-forwarding, action: delay"))
                .contains("after-forwarding cannot delay the answer; acknowledgement-withheld of a COMMIT can");
        assertThat(problem("fault: at-commit, action: fail, sqlstate: oops")).contains("\"oops\" is no SQLSTATE");
        assertThat(problem("fault: at-commit, whom: everybody")).contains("whom \"everybody\" is not all");
        assertThat(problem("fault: at-commit, whom: share some")).contains("whom \"share some\" needs a number");
        assertThat(problem("fault: at-commit, whom: share 2")).contains("a share is between 0 and 1, not 2.0");
        assertThat(problem("fault: at-commit, at-most: 0")).contains("at least one occasion");
        assertThat(problem("fault: in-row, number: 0")).contains("rows are counted from 1");
        assertThat(problem("fault: in-row, number: 0")).contains("faults[0].fault");
    }

    private static String label(String words) throws InvalidScenario {
        Scenario.FaultSpec spec = read(words).faults().getFirst();
        Fault.AtPoint fault = WireFaultWords.fault(spec.fault(), spec.arguments(), "source");
        assertThat(FaultWords.followsProtocol(spec.fault())).isTrue();
        assertThat(FaultWords.fault(spec.fault(), spec.arguments(), "source").kind())
                .isEqualTo("at-point");
        return fault.order().label() + ", every " + fault.order().turns().every() + ", "
                + fault.order().turns().times() + " times";
    }

    private static String problem(String words) {
        InvalidScenario told = catchThrowableOfType(InvalidScenario.class, () -> read(words));
        return String.valueOf(told.getMessage());
    }

    private static Scenario read(String words) throws InvalidScenario {
        return new ScenarioReader(RehearsalWords.vocabulary()).read("test.yaml", BEFORE + words + "}\n");
    }
}
