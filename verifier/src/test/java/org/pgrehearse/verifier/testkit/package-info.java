/** Real servers for tests. */
@NullMarked
package org.pgrehearse.verifier.testkit;

import org.jspecify.annotations.NullMarked;
