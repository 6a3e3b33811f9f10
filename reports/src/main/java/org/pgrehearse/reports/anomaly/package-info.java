/** Isolation anomalies and broken sessions, found in recorded transactions; knows the journal and nothing else. */
@NullMarked
package org.pgrehearse.reports.anomaly;

import org.jspecify.annotations.NullMarked;
