package org.pgrehearse.reports.analysis;

/** What the sentinel's probes of one class stand for. */
enum Service {
    /** Writes, by pooled and fresh connections alike. */
    WRITE("write probe", true, Connections.ALL, false),
    /** Reads on the side that is authoritative. */
    READ("read probe", false, Connections.ALL, false),
    /** Reads on whichever side answers. */
    ANY_READ("read probe", false, Connections.ALL, true),
    /** Opening a connection and asking it anything, on whichever side answers. */
    CONNECT("read probe on a fresh connection", false, Connections.FRESH, true),
    /** Writes by connections of their own: what the database can do. */
    DATABASE("write probe on a fresh connection", true, Connections.FRESH, false),
    /** Writes by pooled connections: what the application sees of it. */
    POOL("write probe on a warm connection", true, Connections.WARM, false);

    /** Which connections count. */
    enum Connections {
        ALL,
        FRESH,
        WARM
    }

    final String probe;
    final boolean write;
    final boolean anySide;
    private final Connections connections;

    Service(String probe, boolean write, Connections connections, boolean anySide) {
        this.probe = probe;
        this.write = write;
        this.connections = connections;
        this.anySide = anySide;
    }

    /** Whether a probe over such a connection is one of this class. */
    boolean counts(boolean fresh) {
        return switch (connections) {
            case ALL -> true;
            case FRESH -> fresh;
            case WARM -> !fresh;
        };
    }
}
