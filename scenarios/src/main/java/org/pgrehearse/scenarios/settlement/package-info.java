/** What the servers say once everything is quiet. */
@NullMarked
package org.pgrehearse.scenarios.settlement;

import org.jspecify.annotations.NullMarked;
