/** Control of a Toxiproxy, embedded or real, through Toxiproxy's Java client: under deadlines, and read back. */
@NullMarked
package org.pgrehearse.chaos.network;

import org.jspecify.annotations.NullMarked;
