/** What a recording means: pure functions of the journal, with no database and no clock. */
@NullMarked
package org.pgrehearse.reports.analysis;

import org.jspecify.annotations.NullMarked;
