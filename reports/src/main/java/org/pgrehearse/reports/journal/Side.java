package org.pgrehearse.reports.journal;

/** The place where an operation really ran. */
public enum Side {
    SOURCE,
    TARGET
}
