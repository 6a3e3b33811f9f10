package org.pgrehearse.reports.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.render.page.Page;
import org.pgrehearse.verifier.Verification;

/**
 * One self-contained HTML page: no network, readable without JavaScript, every text escaped by the templates.
 * Thread-safe.
 */
public final class HtmlReport {
    private static final String VENDOR = "/vendor/uplot/1.6.32/";
    private static final String OWN = "/org/pgrehearse/reports/render/";

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
    private final Page.Assets assets = new Page.Assets(
            resource(OWN + "report.css"),
            resource(VENDOR + "uPlot.min.css"),
            resource(VENDOR + "uPlot.iife.min.js"),
            resource(OWN + "charts.js"));

    /** A report; its templates are taken from the class path. */
    public HtmlReport() {
        templates.setTrimControlStructures(true);
    }

    /** The page of a rehearsal. */
    public String of(Judgement judgement) {
        return render(RunPage.of(judgement, assets));
    }

    /** The page of a comparison alone. */
    public String of(Verification verification) {
        return render(VerificationPage.of(verification, assets));
    }

    private String render(Page page) {
        StringOutput output = new StringOutput();
        templates.render("page.jte", page, output);
        return output.toString();
    }

    private static String resource(String path) {
        try (InputStream bytes = HtmlReport.class.getResourceAsStream(path)) {
            if (bytes == null) {
                throw new IllegalStateException("the jar lacks " + path);
            }
            return new String(bytes.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
