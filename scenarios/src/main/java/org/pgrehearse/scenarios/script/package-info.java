/** pgbench's script language: statements with variables, meta commands and expressions, read and evaluated. */
@NullMarked
package org.pgrehearse.scenarios.script;

import org.jspecify.annotations.NullMarked;
