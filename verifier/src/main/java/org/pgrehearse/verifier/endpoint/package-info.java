/** Where a server is and how to reach it: what psql's {@code -d} takes, with libpq's precedence. */
@NullMarked
package org.pgrehearse.verifier.endpoint;

import org.jspecify.annotations.NullMarked;
