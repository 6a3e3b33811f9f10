/** Small hand-written recordings for tests. */
@NullMarked
package org.pgrehearse.reports.testkit;

import org.jspecify.annotations.NullMarked;
