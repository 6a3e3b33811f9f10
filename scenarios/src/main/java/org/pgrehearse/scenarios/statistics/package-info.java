/** Mixes of scripts, made of what a server counts of the statements that it executes. */
@NullMarked
package org.pgrehearse.scenarios.statistics;

import org.jspecify.annotations.NullMarked;
