package org.pgrehearse.cli;

/** What stdout gets. */
enum Format {
    TEXT,
    JSON
}
