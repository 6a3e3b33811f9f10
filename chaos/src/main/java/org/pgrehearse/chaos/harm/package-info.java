/** How the faults of a server are brought about, seen and undone. Public for the package above; not an API. */
@NullMarked
package org.pgrehearse.chaos.harm;

import org.jspecify.annotations.NullMarked;
