/** Style as tests: they run wherever tests run. */
@NullMarked
package org.pgrehearse.tidy;

import org.jspecify.annotations.NullMarked;
