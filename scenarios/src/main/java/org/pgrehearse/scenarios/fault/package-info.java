/** The faults of a scenario: their names, and when they come and go. */
@NullMarked
package org.pgrehearse.scenarios.fault;

import org.jspecify.annotations.NullMarked;
