/** The command line: the only place that prints or exits. */
@NullMarked
package org.pgrehearse.cli;

import org.jspecify.annotations.NullMarked;
