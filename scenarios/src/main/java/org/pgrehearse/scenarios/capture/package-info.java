/** What a server's log says its users did: read, cleaned of secrets, and kept as a workload file. */
@NullMarked
package org.pgrehearse.scenarios.capture;

import org.jspecify.annotations.NullMarked;
