/** What a database holds by name: tables with columns and keys, sequences, and which of them are compared. */
@NullMarked
package org.pgrehearse.verifier.catalog;

import org.jspecify.annotations.NullMarked;
