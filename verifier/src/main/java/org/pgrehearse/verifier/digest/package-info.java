/** What "the same" means for a value, and the SQL that makes a number of it on both servers. */
@NullMarked
package org.pgrehearse.verifier.digest;

import org.jspecify.annotations.NullMarked;
