/** Faults in JUnit 5 tests: healed after each test, and seen to have bitten. Needs junit-jupiter-api. */
@NullMarked
package org.pgrehearse.chaos.junit;

import org.jspecify.annotations.NullMarked;
