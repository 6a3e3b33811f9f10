/** Whether the target's sequences go on where the source's and the data end. */
@NullMarked
package org.pgrehearse.verifier.sequence;

import org.jspecify.annotations.NullMarked;
