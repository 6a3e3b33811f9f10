/** The recording of one rehearsal: its events, and the file that holds them. */
@NullMarked
package org.pgrehearse.reports.journal;

import org.jspecify.annotations.NullMarked;
