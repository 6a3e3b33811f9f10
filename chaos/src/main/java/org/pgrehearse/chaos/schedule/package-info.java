/** When faults come and go: at a time, at an event, at a reading, once or again, decided by a seed. */
@NullMarked
package org.pgrehearse.chaos.schedule;

import org.jspecify.annotations.NullMarked;
