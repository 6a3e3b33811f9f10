/** The rows inside pieces that differ: merged, counted, fetched and named. */
@NullMarked
package org.pgrehearse.verifier.rows;

import org.jspecify.annotations.NullMarked;
