/** How an application reaches a side: its gateways, its route, and its own connections. */
@NullMarked
package org.pgrehearse.scenarios.topology;

import org.jspecify.annotations.NullMarked;
