/** What would break a migration, found before it starts. */
@NullMarked
package org.pgrehearse.verifier.preflight;

import org.jspecify.annotations.NullMarked;
