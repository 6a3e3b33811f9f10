/** What stops a runbook in its middle: limits on what users see, and how they are measured while it runs. */
@NullMarked
package org.pgrehearse.scenarios.guard;

import org.jspecify.annotations.NullMarked;
