/** Values that a server generated in a recording, and those that take their place in its replay. */
@NullMarked
package org.pgrehearse.scenarios.ids;

import org.jspecify.annotations.NullMarked;
