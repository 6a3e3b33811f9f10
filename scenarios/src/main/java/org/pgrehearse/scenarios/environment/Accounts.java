package org.pgrehearse.scenarios.environment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** How accounts are tried. */
final class Accounts {
    static final List<String> ORDINARY_USERS = List.of("nobody", "postgres", "daemon");
    static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final long UNKNOWN = -1;

    private Accounts() {}

    /** The user id that a command with this prefix has; negative when it does not run at all. */
    static long user(List<String> prefix) {
        return number(Stream.concat(prefix.stream(), Stream.of("id", "-u")).toList());
    }

    /** The id of a user's own group; negative when there is no such user. */
    static long group(String user) {
        return number(List.of("id", "-g", user));
    }

    private static long number(List<String> command) {
        Command.Result id = Command.run(command, Path.of("/"), DEADLINE);
        String text = id.output().strip();
        boolean isNumber = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
        return id.succeeded() && isNumber ? Long.parseLong(text) : UNKNOWN;
    }
}
