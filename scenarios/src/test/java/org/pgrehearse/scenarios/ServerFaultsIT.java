package org.pgrehearse.scenarios;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** Whole rehearsals whose servers are harmed, timed by what the run itself does. */
final class ServerFaultsIT {
    private static final String HEAD = """
        name: harmed
        environment: {source: 15, target: 17}
        dataset: {orders: 4000}
        load: {rate: 60/s}
        warm-up: 1s
        cool-down: 1s
        """;

    @TempDir
    private Path logs;

    private final MemoryRecorder recorder = new MemoryRecorder();

    @Test
    void faults_of_the_source_bite_by_commits_lag_phases_and_each_other_and_all_heal() throws InvalidScenario {
        Judgement judgement = rehearse("""
            migration: logical-replication
            runbook:
              - phase: setup
                steps: [create-schema, create-publication, create-subscription, wait-for-copy]
              - phase: harm
                steps: [{wait: {for: 8s}}]
              - phase: quiet
                steps: [{wait: {for: 4s}}]
            faults:
              - {name: sender, fault: terminate, sessions: walsenders, on: source, when: {phase: quiet}}
              - name: lock
                fault: hold-lock
                table: pgrehearse.ledger
                on: source
                when: {phase: harm, commits: 20}
                after: 200ms..400ms
                for: 500ms
                times: 2
                every: 1s
              - {name: old, fault: long-transaction, on: source, when: {fault: lock}, until: {commits: 30}}
              - {name: prepared, fault: prepared-transaction, on: source, when: {fault-healed: old}, for: 500ms}
              - {name: worker, fault: terminate, sessions: apply-workers, on: target, when: {copied: 100%}}
              - {name: processors, fault: cpu-pressure, on: target, processes: 1, during: wait, for: 1s}
              - {name: lagging, fault: pause, on: target, when: {phase: harm}, after: 3s, until: {lag-above: 32KiB}}
            expect: [lost-writes = 0]
            """);

        assertThat(recorder.events(Event.Trouble.class)).isEmpty();
        assertThat(recorder.events(Event.FaultBit.class))
                .extracting(Event.FaultBit::name)
                .containsExactlyInAnyOrder(
                        "sender", "lock", "lock", "old", "prepared", "worker", "processors", "lagging");
        assertThat(recorder.events(Event.FaultHealed.class)).hasSize(8).allMatch(Event.FaultHealed::healed);
        assertThat(judgement.faults())
                .allSatisfy(fault -> assertThat(requireNonNull(fault.began()).confirmedNanos())
                        .isGreaterThan(fault.began().requestNanos())
                        .isLessThan(requireNonNull(fault.ended()).confirmedNanos()));
        assertThat(judgement.run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost())
                .as("%s", judgement.history().stories())
                .isZero();
    }

    @Test
    void conditions_of_wal_positions_and_seconds_of_lag_hold_when_they_should() throws InvalidScenario {
        rehearse("""
            migration: logical-replication
            runbook:
              - phase: setup
                steps: [create-schema, create-publication, create-subscription, wait-for-copy]
              - phase: harm
                steps: [{wait: {for: 14s}}]
            faults:
              - {name: written, fault: cpu-pressure, on: source, processes: 1, when: {phase: harm, wal: 9KiB}, for: 1s}
              - {name: begun, fault: cpu-pressure, processes: 1, on: source, when: {lsn: 0/1}, for: 1s}
              - {name: beyond, fault: cpu-pressure, processes: 1, on: source, when: {lsn: FF/0}, for: 300ms}
              - {name: frozen, fault: pause, on: target, during: wait, for: 4s}
              - name: behind
                fault: cpu-pressure
                processes: 1
                on: source
                when: {fault: frozen, lag-longer: 2s}
                for: 300ms
              - name: caught-up
                fault: cpu-pressure
                processes: 1
                on: source
                when: {fault-healed: frozen, lag-shorter: 500ms}
                for: 300ms
            expect: [lost-writes = 0]
            """);

        // Whether pressure bites is up to what else the machine does; here it is the moment that counts.
        assertThat(recorder.events(Event.FaultAsked.class))
                .filteredOn(asked -> !asked.detail().startsWith("never put in place"))
                .extracting(Event.FaultAsked::name)
                .containsExactlyInAnyOrder("written", "begun", "frozen", "behind", "caught-up");
        assertThat(asked("behind").atNanos() - asked("frozen").atNanos()).isGreaterThan(1_500_000_000L);
        assertThat(asked("behind").atNanos()).isLessThan(asked("caught-up").atNanos());
        assertThat(asked("beyond").detail()).startsWith("never put in place: lsn at least");
    }

    private Event.FaultAsked asked(String name) {
        return recorder.events(Event.FaultAsked.class).stream()
                .filter(event -> event.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_server_that_a_fault_takes_down_does_not_break_the_run_and_comes_back() throws InvalidScenario {
        Judgement judgement = rehearse("""
            runbook:
              - phase: harm
                steps: [{wait: {for: 10s}}]
            faults:
              - {name: crash, fault: kill, on: source, during: wait, for: 1s}
              - {name: backend, fault: kill-backend, on: source, when: {fault-healed: crash}, after: 1s}
            expect: [lost-writes = 0]
            """);

        assertThat(judgement.run().endingDetail()).isEmpty();
        assertThat(judgement.run().ending()).isEqualTo(Ending.COMPLETED);
        assertThat(recorder.events(Event.Trouble.class)).isEmpty();
        assertThat(recorder.events(Event.FaultBit.class))
                .extracting(Event.FaultBit::name)
                .containsExactly("crash", "backend");
        assertThat(judgement.history().lost()).isZero();
    }

    @Test
    @EnabledIf("isRoot")
    void a_full_disk_of_the_source_bites_and_the_load_goes_on_after_it() throws InvalidScenario {
        rehearse("""
            runbook: [{phase: harm, steps: [{wait: {for: 9s}}]}]
            faults:
              - {name: disk, fault: full-disk, size: 512MiB, on: source, during: wait, after: 1s, for: 2s}
            expect: [lost-writes = 0]
            """);

        assertThat(recorder.events(Event.Trouble.class)).isEmpty();
        assertThat(recorder.events(Event.FaultBit.class)).hasSize(1);
        assertThat(recorder.events(Event.FaultHealed.class)).hasSize(1).allMatch(Event.FaultHealed::healed);
        long healed = recorder.events(Event.FaultHealed.class).getFirst().atNanos();
        assertThat(recorder.operations(Outcome.ACKNOWLEDGED))
                .anyMatch(done -> done.write() && done.startedNanos() > healed);
    }

    @Test
    void a_wrong_clock_of_the_source_is_seen_and_right_again() throws InvalidScenario {
        assertThat(hasFaketime() || !Boolean.getBoolean("pgrehearse.tests.complete"))
                .as("libfaketime is not installed: apt-get install faketime")
                .isTrue();
        Assumptions.assumeTrue(hasFaketime());
        rehearse("""
            runbook: [{phase: harm, steps: [{wait: {for: 10s}}]}]
            faults:
              - {name: clock, fault: clock-skew, by: -1h, on: source, during: wait, for: 2s}
            expect: [lost-writes = 0]
            """);

        assertThat(recorder.events(Event.Trouble.class)).isEmpty();
        assertThat(recorder.events(Event.FaultBit.class))
                .extracting(Event.FaultBit::evidence)
                .allMatch(evidence -> evidence.matches("the server's clock is off by -(3599|3600|3601) s"))
                .hasSize(1);
        assertThat(recorder.events(Event.FaultHealed.class)).hasSize(1).allMatch(Event.FaultHealed::healed);
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean hasFaketime() {
        return Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"));
    }

    @Test
    void a_dropped_slot_is_permanent_and_said_to_be() throws InvalidScenario {
        rehearse("""
            migration: logical-replication
            runbook:
              - phase: setup
                steps: [create-schema, create-publication, create-subscription, wait-for-copy]
              - phase: harm
                steps: [{wait: {for: 1s}}]
            faults:
              - {name: slot, fault: drop-slot, slot: pgrehearse, on: source, during: wait}
            expect: [lost-writes = 0]
            """);

        assertThat(recorder.events(Event.FaultHealed.class))
                .extracting(Event.FaultHealed::detail)
                .allMatch(detail ->
                        detail.startsWith("permanent: slot pgrehearse stays dropped; its subscriber needs a new copy"));
    }

    @Test
    void a_condition_that_never_holds_leaves_the_run_inconclusive() throws InvalidScenario {
        Judgement judgement = rehearse("""
            runbook: [{phase: only, steps: [{wait: {for: 1s}}]}]
            faults:
              - {name: never, fault: pause, on: source, when: {lag-above: 1GiB}}
            expect: [lost-writes = 0]
            """);

        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(recorder.events(Event.FaultAsked.class))
                .extracting(Event.FaultAsked::detail)
                .containsExactly("never put in place: lag-bytes at least 1073741824 did not come");
    }

    private Judgement rehearse(String body) throws InvalidScenario {
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read("harmed", HEAD + body);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, logs, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        new Rehearsal(plan, recorder, line -> {}).run();
        List<Event> events = recorder.events();
        return Judge.judge(events);
    }
}
