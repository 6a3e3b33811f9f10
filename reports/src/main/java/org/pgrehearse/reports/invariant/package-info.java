/** What a load keeps true on purpose and a migration may break: totals, twin tables, numbers handed out once. */
@NullMarked
package org.pgrehearse.reports.invariant;

import org.jspecify.annotations.NullMarked;
