/**
 * A TCP proxy that breaks connections on purpose and counts what it broke. It speaks Toxiproxy's HTTP API, so that
 * Toxiproxy's clients work with it unchanged.
 */
@NullMarked
package org.pgrehearse.chaos.proxy;

import org.jspecify.annotations.NullMarked;
