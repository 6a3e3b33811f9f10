/** Benchmarks and comparisons with other tools. */
@NullMarked
package org.pgrehearse.bench;

import org.jspecify.annotations.NullMarked;
