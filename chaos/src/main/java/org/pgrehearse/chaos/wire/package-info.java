/** Faults at exact points of PostgreSQL's wire protocol, version 3, on connections without encryption. */
@NullMarked
package org.pgrehearse.chaos.wire;

import org.jspecify.annotations.NullMarked;
