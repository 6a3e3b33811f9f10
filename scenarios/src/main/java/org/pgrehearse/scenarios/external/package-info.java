/** A pair of databases that somebody else runs, and what a run leaves alone there. */
@NullMarked
package org.pgrehearse.scenarios.external;

import org.jspecify.annotations.NullMarked;
