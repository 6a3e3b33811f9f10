/** Faults of a server's processes: killed or stopped by signal, and seen to be. */
@NullMarked
package org.pgrehearse.chaos.server;

import org.jspecify.annotations.NullMarked;
