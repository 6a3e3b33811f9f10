/** Servers, and the places they come from. */
@NullMarked
package org.pgrehearse.scenarios.environment;

import org.jspecify.annotations.NullMarked;
