package org.pgrehearse.scenarios.migration;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Event.StepResult;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;

/**
 * The migration and cutover as an ordered list of steps. When one fails, the steps before it are undone in reverse,
 * each by its own way back.
 */
public final class Runbook {
    private final List<Step> steps;
    private final List<Stage> stages;
    private final Watcher watcher;
    private final Deque<Undoable> behind = new ArrayDeque<>();

    private record Undoable(String step, WayBack wayBack) {}

    /** How a runbook ended, and why when not at its end. */
    public record Result(Ending ending, String detail) {}

    /** Hears of every phase and step, so that faults can be timed by them. */
    public interface Watcher {
        /** The phase begins as soon as this returns. */
        default void phase(String name) throws InterruptedException {}

        /** The step begins as soon as this returns. */
        void before(String step) throws InterruptedException;

        /** The step has ended, in whatever way. */
        void after(String step) throws InterruptedException;
    }

    /** Takes the checked steps of a scenario. */
    public Runbook(MigrationSystem system, List<Stage> stages, Watcher watcher) {
        this.steps = system.steps();
        this.stages = List.copyOf(stages);
        this.watcher = watcher;
    }

    /** Runs every step. An interrupt leaves the way back to the caller's clean-up, which throws the servers away. */
    public Result run(Rig rig) throws InterruptedException {
        Recorder recorder = rig.recorder();
        for (Stage stage : stages) {
            watcher.phase(stage.phase());
            recorder.record(new Event.PhaseStarted(recorder.nowNanos(), stage.phase()));
            for (StepSpec spec : stage.steps()) {
                try {
                    perform(rig, spec);
                } catch (ServerGone e) {
                    return new Result(Ending.BROKEN, String.valueOf(e.getMessage()));
                } catch (StepFailed | SQLException e) {
                    return abort(rig, spec, e);
                }
            }
        }
        return new Result(Ending.COMPLETED, "");
    }

    private void perform(Rig rig, StepSpec spec) throws StepFailed, SQLException, InterruptedException {
        Step step = steps.stream()
                .filter(one -> one.shape().name().equals(spec.step()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a checked runbook names no step " + spec.step()));
        Recorder recorder = rig.recorder();
        rig.checkpoint();
        watcher.before(spec.step());
        recorder.record(new Event.StepStarted(
                recorder.nowNanos(), spec.step(), step.shape().description()));
        try {
            Step.Done done = step.action().perform(rig, spec.arguments());
            behind.push(new Undoable(spec.step(), done.wayBack()));
            end(recorder, spec.step(), StepResult.DONE, done.detail());
        } catch (SQLException e) {
            rig.checkpoint(); // a dead server explains the failure better than the broken connection does
            throw e;
        } finally {
            watcher.after(spec.step());
        }
    }

    private Result abort(Rig rig, StepSpec failed, Exception cause) throws InterruptedException {
        String reason = "Step \"" + failed.step() + "\" failed: " + cause.getMessage();
        end(rig.recorder(), failed.step(), StepResult.FAILED, String.valueOf(cause.getMessage()));
        rig.recorder().record(new Event.PhaseStarted(rig.recorder().nowNanos(), "way back"));
        while (!behind.isEmpty()) {
            Undoable undoable = behind.pop();
            try {
                String did = undoable.wayBack().undo();
                if (!did.isEmpty()) {
                    end(rig.recorder(), undoable.step(), StepResult.UNDONE, did);
                }
            } catch (SQLException e) {
                String message = "Cannot undo step \"" + undoable.step() + "\": " + e.getMessage();
                rig.recorder().record(new Event.Trouble(rig.recorder().nowNanos(), "way back", message));
            }
        }
        return new Result(Ending.ABORTED, reason);
    }

    private static void end(Recorder recorder, String step, StepResult result, String detail) {
        recorder.record(new Event.StepEnded(recorder.nowNanos(), step, result, detail));
    }
}
