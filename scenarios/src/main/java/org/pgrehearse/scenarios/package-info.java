/** Rehearsals: what to do, and the engine that does it once. */
@NullMarked
package org.pgrehearse.scenarios;

import org.jspecify.annotations.NullMarked;
