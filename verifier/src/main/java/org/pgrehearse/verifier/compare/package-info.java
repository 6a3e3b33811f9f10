/** The whole comparison of two databases, from options to {@link org.pgrehearse.verifier.Verification}. */
@NullMarked
package org.pgrehearse.verifier.compare;

import org.jspecify.annotations.NullMarked;
