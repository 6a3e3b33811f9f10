package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.analysis.FaultRecord;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.LockQueue;
import org.pgrehearse.reports.analysis.LockQueues;
import org.pgrehearse.reports.analysis.StepRecord;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.render.page.Block;
import org.pgrehearse.reports.render.page.Page;
import org.pgrehearse.reports.render.page.Tone;

/** What happened when: phases, steps of the runbook, faults. */
final class CourseSections {
    private CourseSections() {}

    static Optional<Page.Section> of(Judgement judgement) {
        List<Block> blocks = new ArrayList<>();
        if (!judgement.phases().isEmpty()) {
            blocks.add(new Block.Grid(
                    "Phases",
                    Block.Head.of("Phase", "From#", "Until#", "Length#"),
                    judgement.phases().stream()
                            .map(phase -> Grids.row(
                                    phase.name(),
                                    Words.instant(phase.startNanos()),
                                    Words.instant(phase.endNanos()),
                                    Words.duration(phase.endNanos() - phase.startNanos())))
                            .toList()));
        }
        if (!judgement.steps().isEmpty()) {
            blocks.add(new Block.Grid(
                    "Steps of the runbook",
                    Block.Head.of("Step", "Result", "From#", "Length#", "What it did"),
                    judgement.steps().stream().map(CourseSections::step).toList()));
        }
        if (!judgement.faults().isEmpty()) {
            blocks.add(new Block.Grid(
                    "Faults",
                    Block.Head.of("Fault", "Bit", "Healed", "From#", "Until#", "What, where, and the evidence"),
                    judgement.faults().stream().map(CourseSections::fault).toList()));
        }
        if (judgement.locks().count() > 0) {
            blocks.add(queues(judgement.locks()));
        }
        if (!judgement.sizes().isEmpty()) {
            blocks.add(SizeSections.grid(judgement.sizes()));
        }
        return blocks.isEmpty()
                ? Optional.empty()
                : Optional.of(new Page.Section("course", "What happened when", "", blocks));
    }

    private static Block queues(LockQueues locks) {
        String title = "Queues for locks: " + Sentences.number(locks.count())
                + (locks.longest().size() < locks.count() ? ", those with the longest waits" : "");
        return new Block.Grid(
                title,
                Block.Head.of(
                        "From#", "Until#", "Side", "Waited for", "First in the queue", "Sessions#", "Longest wait#"),
                locks.longest().stream().map(CourseSections::queue).toList());
    }

    private static List<Block.Cell> queue(LockQueue queue) {
        return List.of(
                Block.Cell.of(Words.instant(queue.startNanos())),
                Block.Cell.of(Words.instant(queue.endNanos())),
                Block.Cell.of(queue.side().name().toLowerCase(Locale.ROOT)),
                Block.Cell.of(Sentences.holder(queue)),
                Block.Cell.of(Sentences.waiter(queue)),
                Block.Cell.of(Integer.toString(queue.sessionsMax())),
                Block.Cell.of(Words.duration(queue.longestNanos())));
    }

    private static List<Block.Cell> step(StepRecord step) {
        String description = step.description() + (step.detail().isEmpty() ? "" : " — " + step.detail());
        return List.of(
                Block.Cell.code(step.step()),
                result(step.result()),
                Block.Cell.of(Words.instant(step.startNanos())),
                Block.Cell.of(Words.duration(step.endNanos() - step.startNanos())),
                Block.Cell.of(Sentences.paragraph(description)));
    }

    private static Block.Cell result(Event.@Nullable StepResult result) {
        if (result == null) {
            return new Block.Cell("never ended", "?", Tone.DOUBT, false);
        }
        String word = result.name().toLowerCase(Locale.ROOT);
        return switch (result) {
            case DONE -> new Block.Cell(word, "✓", Tone.GOOD, false);
            case FAILED -> new Block.Cell(word, "✗", Tone.BAD, false);
            case UNDONE, SKIPPED -> new Block.Cell(word, "·", Tone.NEUTRAL, false);
        };
    }

    private static String edge(String what, FaultRecord.@Nullable Edge edge) {
        return edge == null
                ? ""
                : " — " + what + " between " + Words.instant(edge.requestNanos()) + " and "
                        + Words.instant(edge.confirmedNanos());
    }

    private static List<Block.Cell> fault(FaultRecord fault) {
        String story = fault.kind() + " at " + fault.place() + (fault.detail().isEmpty() ? "" : ", " + fault.detail())
                + (fault.evidence().isEmpty() ? "" : " — " + fault.evidence())
                + (fault.healing().isEmpty() ? "" : " — " + fault.healing())
                + edge("began", fault.began())
                + edge("ended", fault.ended());
        return List.of(
                Block.Cell.code(fault.name()),
                fault.bit()
                        ? new Block.Cell("yes", "✓", Tone.GOOD, false)
                        : new Block.Cell("never", "?", Tone.DOUBT, false),
                fault.healed()
                        ? new Block.Cell("yes", "✓", Tone.GOOD, false)
                        : new Block.Cell("no", "✗", Tone.BAD, false),
                Block.Cell.of(Words.instant(fault.startNanos())),
                Block.Cell.of(Words.instant(fault.endNanos())),
                Block.Cell.of(Sentences.paragraph(story)));
    }
}
