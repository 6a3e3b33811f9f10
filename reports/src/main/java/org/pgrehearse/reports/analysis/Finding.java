package org.pgrehearse.reports.analysis;

/** Something a reader should know, whether or not an expectation asked for it. */
public record Finding(String title, Severity severity, String text) {
    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING,
        REMARK
    }
}
