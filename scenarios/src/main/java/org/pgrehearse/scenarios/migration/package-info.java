/** Runbooks, their steps, and the systems that move data. */
@NullMarked
package org.pgrehearse.scenarios.migration;

import org.jspecify.annotations.NullMarked;
