/** What a report page holds, as plain text: the templates escape it, and nothing else writes HTML. */
@NullMarked
package org.pgrehearse.reports.render.page;

import org.jspecify.annotations.NullMarked;
