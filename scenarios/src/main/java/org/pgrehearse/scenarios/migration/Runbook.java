package org.pgrehearse.scenarios.migration;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.reports.journal.Event.StepResult;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;

/**
 * The migration and cutover as an ordered list of steps. When one fails, misses its deadline or is stopped, the steps
 * before it are undone in reverse: each by the way back that the user gave it, and then by its own. Runs once, on one
 * thread; {@link #stop} is for any thread.
 */
public final class Runbook {
    /** What a step that waits for something is given beyond its own deadline, to say itself what did not happen. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** What ends a step of a way back when the file says nothing. */
    private static final Duration BACK_MAX = Duration.ofMinutes(5);

    private static final String WAY_BACK = "way back";

    private final List<Step> steps;
    private final List<Stage> stages;
    private final Watcher watcher;
    private final Deque<Undoable> behind = new ArrayDeque<>();
    private final Object stopping = new Object();
    private @Nullable String stopReason;
    private @Nullable Leash underWay;
    private boolean over;

    private record Undoable(String step, WayBack wayBack) {}

    /** A way back that could not be gone. */
    private static final class CannotUndo extends SQLException {
        private static final long serialVersionUID = 1L;

        CannotUndo(StepFailed cause) {
            super(cause.getMessage(), cause);
        }
    }

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

    /**
     * Ends the step under way and sends the runbook on its way back; returns at once.
     *
     * @return false when it is too late for that: the runbook has ended, or is on its way back already
     */
    public boolean stop(String reason) {
        synchronized (stopping) {
            if (over || stopReason != null) {
                return false;
            }
            stopReason = reason;
            if (underWay != null) {
                underWay.pull(reason);
            }
            return true;
        }
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
                } catch (StepUndecided | EnvironmentException e) {
                    String message = String.valueOf(e.getMessage());
                    end(recorder, spec.step(), StepResult.SKIPPED, message);
                    return new Result(Ending.BROKEN, "step \"" + spec.step() + "\" decides nothing: " + message);
                } catch (ServerGone e) {
                    return new Result(Ending.BROKEN, String.valueOf(e.getMessage()));
                } catch (StepFailed | SQLException e) {
                    String message = String.valueOf(e.getMessage());
                    end(recorder, spec.step(), StepResult.FAILED, message);
                    return goBack(rig, "Step \"" + spec.step() + "\" failed: " + message);
                }
            }
        }
        Optional<String> late = close();
        return late.isPresent() ? goBack(rig, late.get()) : new Result(Ending.COMPLETED, "");
    }

    private void perform(Rig rig, StepSpec spec) throws StepFailed, SQLException, InterruptedException {
        Step step = step(spec);
        Recorder recorder = rig.recorder();
        rig.checkpoint();
        watcher.before(spec.step());
        recorder.record(new Event.StepStarted(
                recorder.nowNanos(), spec.step(), step.shape().description()));
        try {
            Step.Done done = onLeash(rig, spec, step);
            behind.push(new Undoable(spec.step(), done.wayBack()));
            rememberBack(rig, spec);
            end(recorder, spec.step(), StepResult.DONE, done.detail());
        } catch (SQLException | StepUndecided e) {
            rig.checkpoint(); // a dead server explains the failure better than the broken connection does
            throw e;
        } finally {
            watcher.after(spec.step());
        }
    }

    private Step step(StepSpec spec) {
        return steps.stream()
                .filter(step -> step.shape().name().equals(spec.step()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a checked runbook names no step " + spec.step()));
    }

    private Step.Done onLeash(Rig rig, StepSpec spec, Step step) throws StepFailed, SQLException, InterruptedException {
        Leash leash = leash(spec, null);
        try (leash) {
            takeUp(leash);
            return step.action().perform(new HeldRig(rig, leash), spec.arguments());
        } catch (StepFailed | SQLException | StepUndecided e) {
            if (leash.reason().isEmpty() || rig.isStopping()) {
                throw e;
            }
            throw cut(rig, spec, leash, e);
        } catch (InterruptedException e) {
            if (leash.reason().isEmpty() || rig.isStopping()) {
                throw e;
            }
            throw cut(rig, spec, leash, e);
        } finally {
            synchronized (stopping) {
                underWay = null;
            }
        }
    }

    /** A step that is stopped before its first act does not even begin. */
    private void takeUp(Leash leash) throws StepFailed {
        synchronized (stopping) {
            if (stopReason != null) {
                throw new StepFailed(stopReason);
            }
            underWay = leash;
        }
    }

    /** Nobody knows how far a step came that was ended from outside, so the user's way back is gone for it, too. */
    private StepFailed cut(Rig rig, StepSpec spec, Leash leash, Exception cause) {
        rememberBack(rig, spec);
        return new StepFailed(leash.reason().orElseThrow() + leash.seen(), cause);
    }

    private static Leash leash(StepSpec spec, @Nullable Duration preset) {
        Duration given = spec.deadline();
        Optional<String> own = spec.arguments().given("deadline");
        Duration length = preset;
        if (given != null) {
            length = given;
        } else if (own.isPresent()) {
            length = spec.arguments().duration("deadline").plus(GRACE);
        } else if (length == null && OwnSteps.mayRunForever(spec.step())) {
            length = OwnSteps.DEADLINE;
        }
        return new Leash(
                length,
                "its deadline of " + (length == null ? 0 : length.toMillis())
                        + " ms passed. Give the step a longer deadline, or find out what it waited for.");
    }

    private void rememberBack(Rig rig, StepSpec spec) {
        if (!spec.back().isEmpty()) {
            behind.push(new Undoable(spec.step(), () -> userBack(rig, spec)));
        }
    }

    private String userBack(Rig rig, StepSpec spec) throws SQLException, InterruptedException {
        for (StepSpec back : spec.back()) {
            Step step = step(back);
            Recorder recorder = rig.recorder();
            recorder.record(new Event.StepStarted(
                    recorder.nowNanos(),
                    back.step(),
                    "Way back of " + spec.step() + ": " + step.shape().description()));
            try (Leash leash = leash(back, BACK_MAX)) {
                Step.Done done = performBack(rig, back, step, leash);
                end(recorder, back.step(), StepResult.DONE, done.detail());
            } catch (StepFailed e) {
                end(recorder, back.step(), StepResult.FAILED, String.valueOf(e.getMessage()));
                throw new CannotUndo(e);
            } catch (SQLException e) {
                end(recorder, back.step(), StepResult.FAILED, String.valueOf(e.getMessage()));
                throw e;
            }
        }
        return "";
    }

    private static Step.Done performBack(Rig rig, StepSpec back, Step step, Leash leash)
            throws StepFailed, SQLException, InterruptedException {
        try {
            return step.action().perform(new HeldRig(rig, leash), back.arguments());
        } catch (SQLException | InterruptedException e) {
            Optional<String> reason = leash.reason();
            if (reason.isEmpty() || rig.isStopping()) {
                throw e;
            }
            throw new StepFailed(reason.get(), e);
        } catch (StepUndecided | EnvironmentException e) {
            throw new StepFailed(String.valueOf(e.getMessage()), e);
        }
    }

    /** From now on nothing stops it; says what has done so in its last moment. */
    private Optional<String> close() {
        synchronized (stopping) {
            over = true;
            return Optional.ofNullable(stopReason);
        }
    }

    private Result goBack(Rig rig, String reason) throws InterruptedException {
        close();
        rig.recorder().record(new Event.PhaseStarted(rig.recorder().nowNanos(), WAY_BACK));
        while (!behind.isEmpty()) {
            Undoable undoable = behind.pop();
            try {
                String did = undoable.wayBack().undo();
                if (!did.isEmpty()) {
                    end(rig.recorder(), undoable.step(), StepResult.UNDONE, did);
                }
            } catch (SQLException e) {
                String message = "Cannot undo step \"" + undoable.step() + "\": " + e.getMessage();
                rig.recorder().record(new Event.Trouble(rig.recorder().nowNanos(), WAY_BACK, message));
            }
        }
        return new Result(Ending.ABORTED, reason);
    }

    private static void end(Recorder recorder, String step, StepResult result, String detail) {
        recorder.record(new Event.StepEnded(recorder.nowNanos(), step, result, detail));
    }
}
