/** Faults that are seen to bite and always heal. */
@NullMarked
package org.pgrehearse.chaos;

import org.jspecify.annotations.NullMarked;
