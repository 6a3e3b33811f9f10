/** What two databases hold and where they differ. */
@NullMarked
package org.pgrehearse.verifier;

import org.jspecify.annotations.NullMarked;
