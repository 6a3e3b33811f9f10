/** Judgements and comparisons as JSON, text, Markdown, JUnit and one HTML page. Nothing here prints. */
@NullMarked
package org.pgrehearse.reports.render;

import org.jspecify.annotations.NullMarked;
