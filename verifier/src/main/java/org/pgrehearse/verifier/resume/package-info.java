/** What an interrupted comparison leaves behind so that it can be continued. */
@NullMarked
package org.pgrehearse.verifier.resume;

import org.jspecify.annotations.NullMarked;
