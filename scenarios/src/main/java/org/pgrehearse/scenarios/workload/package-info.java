/** Load that keeps its schedule whatever the servers do, and the sentinel that downtime is measured with. */
@NullMarked
package org.pgrehearse.scenarios.workload;

import org.jspecify.annotations.NullMarked;
