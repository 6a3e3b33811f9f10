/** What is sampled into the journal while a rehearsal runs. */
@NullMarked
package org.pgrehearse.scenarios.monitor;

import org.jspecify.annotations.NullMarked;
