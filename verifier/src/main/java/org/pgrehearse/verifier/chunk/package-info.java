/** Tables cut into pieces that can be read side by side, and the sums that say which pieces differ. */
@NullMarked
package org.pgrehearse.verifier.chunk;

import org.jspecify.annotations.NullMarked;
