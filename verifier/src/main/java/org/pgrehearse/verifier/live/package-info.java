/** Comparison of a source that is still written with a target that native logical replication keeps up to date. */
@NullMarked
package org.pgrehearse.verifier.live;

import org.jspecify.annotations.NullMarked;
