/** This verifier beside its peers and beside the cheapest scan that could do, on the same tables in one run. */
@NullMarked
package org.pgrehearse.bench.peers;

import org.jspecify.annotations.NullMarked;
