package org.pgrehearse.chaos.wire;

import org.pgrehearse.chaos.proxy.Interceptor.Link;

/** Who is on a connection, as far as its messages have told. Guarded by the connection's lock. */
final class Identity {
    private static final String UNKNOWN = "";

    private final Link link;
    private String user = UNKNOWN;
    private String database = UNKNOWN;
    private String application = UNKNOWN;
    private int pid;

    Identity(Link link) {
        this.link = link;
    }

    long number() {
        return link.number();
    }

    /** Takes one parameter of the startup, or one that the server reports. */
    void learn(String parameter, String value) {
        switch (parameter) {
            case "user" -> {
                user = value;
                database = database.isEmpty() ? value : database;
            }
            case "database" -> database = value;
            case "application_name" -> application = value;
            default -> {}
        }
    }

    void learnPid(int told) {
        pid = told;
    }

    boolean isMeant(Whom whom) {
        return switch (whom) {
            case Whom.All _all -> true;
            case Whom.Session(long number) -> link.number() == number;
            case Whom.Backend(int wanted) -> pid == wanted;
            case Whom.User(String name) -> user.equals(name);
            case Whom.Database(String name) -> database.equals(name);
            case Whom.Application(String name) -> application.equals(name);
            case Whom.Share(double part) -> link.luck().in("share") < part;
        };
    }
}
