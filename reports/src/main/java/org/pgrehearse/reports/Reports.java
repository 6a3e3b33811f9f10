package org.pgrehearse.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.journal.JournalReader;
import org.pgrehearse.reports.journal.JournalTail;
import org.pgrehearse.reports.render.HtmlReport;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.JunitReport;
import org.pgrehearse.reports.render.MarkdownReport;
import org.pgrehearse.verifier.Verification;

/** The whole way: a journal file in, report files out. Needs no database. */
public final class Reports {
    private Reports() {}

    /** Judges the recording in a journal file; a cut end makes the judgement inconclusive and is no error. */
    public static Judgement judge(Path journal) {
        Judge judge = new Judge();
        JournalTail tail = new JournalReader(journal).read(judge::accept);
        if (tail.truncated()) {
            judge.damaged(tail.detail());
        }
        return judge.judgement();
    }

    /** Writes report.json, report.html, junit.xml and summary.md into a folder, which is created if absent. */
    public static void write(Judgement judgement, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.json"), new JsonReport().of(judgement));
        Files.writeString(folder.resolve("report.html"), new HtmlReport().of(judgement));
        Files.writeString(folder.resolve("junit.xml"), new JunitReport().of(judgement));
        Files.writeString(folder.resolve("summary.md"), new MarkdownReport().of(judgement));
    }

    /** Writes the same files for a comparison alone. */
    public static void write(Verification verification, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.json"), new JsonReport().of(verification));
        Files.writeString(folder.resolve("report.html"), new HtmlReport().of(verification));
        Files.writeString(folder.resolve("junit.xml"), new JunitReport().of(verification));
        Files.writeString(folder.resolve("summary.md"), new MarkdownReport().of(verification));
    }
}
