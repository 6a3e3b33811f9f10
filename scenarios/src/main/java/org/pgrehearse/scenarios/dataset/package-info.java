/** The data that is migrated. */
@NullMarked
package org.pgrehearse.scenarios.dataset;

import org.jspecify.annotations.NullMarked;
