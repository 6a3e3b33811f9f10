/** Growing columns of primitives: how the analysis holds millions of records without an object for each. */
@NullMarked
package org.pgrehearse.reports.column;

import org.jspecify.annotations.NullMarked;
