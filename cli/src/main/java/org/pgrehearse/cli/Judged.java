package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pgrehearse.reports.Reports;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.journal.JournalReader;
import org.pgrehearse.reports.journal.JournalTail;
import org.pgrehearse.reports.render.JepsenHistory;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.TextReport;

/** A recorded run, judged, with its reports written beside its journal. */
record Judged(Path folder, Judgement judgement) {
    static final String JOURNAL = "journal.jsonl.gz";

    /** Judges the journal in a run's folder and writes the reports there. */
    static Judged of(Path folder) throws IOException {
        Path journal = journal(folder);
        Judgement judgement = Reports.judge(journal);
        Reports.write(judgement, folder);
        return new Judged(folder, judgement);
    }

    /** Writes the transactions of a run's journal as a history for other checkers. */
    static void writeHistory(Path folder, Path file, JepsenHistory.Model model) throws IOException {
        JepsenHistory history = new JepsenHistory(model);
        JournalTail unused = new JournalReader(journal(folder)).read(history::add);
        if (history.size() == 0) {
            throw new UsageException("Cannot write a history of " + model.word() + " from " + folder
                    + ": its journal holds no such transaction. Name another --history-model, or a run whose load"
                    + " records transactions.");
        }
        history.write(file);
    }

    private static Path journal(Path folder) {
        Path journal = folder.resolve(JOURNAL);
        if (!Files.isRegularFile(journal)) {
            throw new UsageException(
                    "Cannot find a run in " + folder + ": it holds no " + JOURNAL + ". Name the folder of a run.");
        }
        return journal;
    }

    /** Prints the result, and returns the exit code. */
    int present(PrintWriter out, Format format) {
        switch (format) {
            case TEXT -> {
                out.print(new TextReport().of(judgement));
                out.println("report: " + folder.resolve("report.html"));
            }
            case JSON -> out.println(new JsonReport().of(judgement).strip());
        }
        out.flush();
        return judgement.verdict().exitCode();
    }
}
