package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Event.StepResult;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;
import org.pgrehearse.scenarios.spec.Shape;
import org.pgrehearse.scenarios.testkit.IdleRig;

/** The order of steps and of their ways back, without any server. */
final class RunbookTest {
    private final List<String> log = new ArrayList<>();
    private final IdleRig rig = new IdleRig();

    @Test
    void steps_run_in_order_and_the_watcher_hears_of_each() throws InterruptedException {
        Runbook.Result result = run(null, "first", "second");

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(log)
                .containsExactly("before first", "first", "after first", "before second", "second", "after second");
        assertThat(rig.memory().events(Event.StepEnded.class))
                .extracting(Event.StepEnded::step, Event.StepEnded::result, Event.StepEnded::detail)
                .containsExactly(
                        tuple("first", StepResult.DONE, "did first"), tuple("second", StepResult.DONE, "did second"));
    }

    @Test
    void a_failed_step_undoes_those_before_it_in_reverse() throws InterruptedException {
        Runbook.Result result = run(new StepFailed("no room"), "first", "second", "bad", "never");

        assertThat(result).isEqualTo(new Runbook.Result(Ending.ABORTED, "Step \"bad\" failed: no room"));
        assertThat(log)
                .containsExactly(
                        "before first",
                        "first",
                        "after first",
                        "before second",
                        "second",
                        "after second",
                        "before bad",
                        "after bad",
                        "undo second",
                        "undo first");
        assertThat(rig.memory().events(Event.StepEnded.class))
                .extracting(Event.StepEnded::result)
                .containsExactly(
                        StepResult.DONE, StepResult.DONE, StepResult.FAILED, StepResult.UNDONE, StepResult.UNDONE);
    }

    @Test
    void a_way_back_that_fails_is_trouble_and_the_others_still_run() throws InterruptedException {
        run(new StepFailed("no room"), "first", "stuck", "bad");

        assertThat(log).endsWith("undo first");
        assertThat(rig.memory().events(Event.Trouble.class))
                .extracting(Event.Trouble::message)
                .containsExactly("Cannot undo step \"stuck\": it is stuck");
    }

    @Test
    void a_dead_server_ends_the_run_without_a_way_back() throws InterruptedException {
        Runbook.Result result = run(new ServerGone("The source server is gone."), "first", "bad");

        assertThat(result).isEqualTo(new Runbook.Result(Ending.BROKEN, "The source server is gone."));
        assertThat(log).doesNotContain("undo first");
        assertThat(rig.memory().events(Event.StepEnded.class))
                .extracting(Event.StepEnded::result)
                .doesNotContain(StepResult.FAILED);
    }

    @Test
    void a_step_that_decides_nothing_breaks_the_run_off_and_is_no_failure() throws InterruptedException {
        for (Exception doubt : List.of(new StepUndecided("unread"), new EnvironmentException("unread"))) {
            Runbook.Result result = run(doubt, "first", "bad", "never");

            assertThat(result).isEqualTo(new Runbook.Result(Ending.BROKEN, "step \"bad\" decides nothing: unread"));
            assertThat(rig.memory().events(Event.StepEnded.class).getLast().result())
                    .isEqualTo(StepResult.SKIPPED);
        }
        assertThat(log).doesNotContain("undo first", "never");
    }

    private Runbook.Result run(@Nullable Exception failure, String... steps) throws InterruptedException {
        List<StepSpec> specs = Arrays.stream(steps)
                .map(step -> new StepSpec(step, Arguments.none()))
                .toList();
        return new Runbook(new Scripted(failure), List.of(new Stage("only", specs)), new Heard()).run(rig);
    }

    private final class Heard implements Runbook.Watcher {
        @Override
        public void before(String step) {
            log.add("before " + step);
        }

        @Override
        public void after(String step) {
            log.add("after " + step);
        }
    }

    /** A system with any step one asks for; the one called bad fails, and the one called stuck cannot be undone. */
    private final class Scripted implements MigrationSystem {
        private final @Nullable Exception failure;

        Scripted(@Nullable Exception failure) {
            this.failure = failure;
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public List<Step> ownSteps() {
            return List.of("first", "second", "stuck", "bad", "never").stream()
                    .map(name -> new Step(Shape.of(name, ""), (used, arguments) -> perform(name)))
                    .toList();
        }

        private Step.Done perform(String name) throws StepFailed {
            if (name.equals("bad")) {
                switch (failure) {
                    case StepFailed failed -> throw failed;
                    case ServerGone gone -> throw gone;
                    case StepUndecided undecided -> throw undecided;
                    case EnvironmentException missing -> throw missing;
                    case null, default -> throw new IllegalStateException("no such failure");
                }
            }
            log.add(name);
            return new Step.Done("did " + name, () -> undo(name));
        }

        private String undo(String name) throws SQLException {
            if (name.equals("stuck")) {
                throw new SQLException("it is stuck");
            }
            log.add("undo " + name);
            return "undid " + name;
        }
    }
}
