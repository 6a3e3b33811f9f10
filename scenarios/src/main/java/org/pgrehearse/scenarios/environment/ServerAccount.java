package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;

/** The user that a server runs as: PostgreSQL refuses to run as root, and a rehearsal often is root. */
public sealed interface ServerAccount {
    /** An ordinary user starts servers as itself. */
    record Myself() implements ServerAccount {}

    /** Root in a user namespace: not root to PostgreSQL, and still the owner of root's files. */
    record Namespace() implements ServerAccount {}

    /** Root starts servers as an ordinary user of the machine, with that user's own group only. */
    record OtherUser(String name, long group) implements ServerAccount {}

    /** The account for this process, by trying: the ordinary user first, then the namespace, then another user. */
    static ServerAccount detect() {
        if (Accounts.user(List.of()) != 0) {
            return new Myself();
        }
        Namespace namespace = new Namespace();
        if (Accounts.user(namespace.prefix()) > 0) {
            return namespace;
        }
        for (String name : Accounts.ORDINARY_USERS) {
            OtherUser other = new OtherUser(name, Accounts.group(name));
            if (Accounts.user(other.prefix()) > 0) {
                return other;
            }
        }
        throw new EnvironmentException("Cannot start PostgreSQL as root: it refuses that, and neither"
                + " \"unshare -U\" nor \"setpriv --reuid=nobody\" works here. Run as an ordinary user.");
    }

    /** What goes in front of a command so that it runs under this account, in the same process. */
    default List<String> prefix() {
        return switch (this) {
            case Myself myself -> List.of();
            case Namespace namespace -> List.of("unshare", "-U");
            case OtherUser other ->
                List.of("setpriv", "--reuid=" + other.name(), "--regid=" + other.group(), "--clear-groups");
        };
    }

    /**
     * The same in a session of its own, where the system can do that: Ctrl-C in a terminal then reaches the rehearsal,
     * which stops its servers in order, and not the servers themselves.
     */
    default List<String> sessionPrefix() {
        List<String> session = Accounts.user(List.of("setsid")) >= 0 ? List.of("setsid") : List.of();
        return Stream.concat(session.stream(), prefix().stream()).toList();
    }

    /** Gives a folder and all in it to this account. */
    default void give(Path folder) throws IOException {
        if (this instanceof OtherUser other) {
            UserPrincipal owner =
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(other.name());
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.toList()) {
                    Files.getFileAttributeView(path, FileOwnerAttributeView.class)
                            .setOwner(owner);
                }
            }
        }
    }

    /** Fails, with the way out, unless this account can run a program; the path to it may be closed to others. */
    default void requireAccess(Path program) {
        if (this instanceof OtherUser other) {
            List<String> test = Stream.concat(prefix().stream(), Stream.of("test", "-x", program.toString()))
                    .toList();
            if (!Command.run(test, Path.of("/"), Accounts.DEADLINE).succeeded()) {
                throw new EnvironmentException("Cannot run " + program + " as user " + other.name()
                        + ", which root needs for PostgreSQL: that user may not enter its folder."
                        + " Set XDG_CACHE_HOME to a folder that everybody may enter, or run as an ordinary user.");
            }
        }
    }
}
