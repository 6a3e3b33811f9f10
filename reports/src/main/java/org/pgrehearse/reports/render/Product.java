package org.pgrehearse.reports.render;

/** What this tool calls itself in its reports. */
public final class Product {
    /** The command's name. */
    public static final String NAME = "pgrehearse";

    /** The version that these reports come from. */
    public static final String VERSION = "0.1.0";

    private Product() {}
}
