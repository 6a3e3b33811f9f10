/** The scenario language: files to records, with all problems reported at once. */
@NullMarked
package org.pgrehearse.scenarios.spec;

import org.jspecify.annotations.NullMarked;
