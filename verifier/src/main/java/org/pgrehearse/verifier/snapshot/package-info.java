/** One moment of a database, read by several connections at once. */
@NullMarked
package org.pgrehearse.verifier.snapshot;

import org.jspecify.annotations.NullMarked;
