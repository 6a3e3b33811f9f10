/** From a recording or a comparison to files that people and machines read. */
@NullMarked
package org.pgrehearse.reports;

import org.jspecify.annotations.NullMarked;
