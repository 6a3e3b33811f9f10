/** Servers as faults reach them: their processes, their sessions, their data folder. */
@NullMarked
package org.pgrehearse.chaos.server;

import org.jspecify.annotations.NullMarked;
