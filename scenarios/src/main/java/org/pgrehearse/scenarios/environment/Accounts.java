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
        Command.Result id = Command.run(
                Stream.concat(prefix.stream(), Stream.of("id", "-u")).toList(), Path.of("/"), DEADLINE);
        if (!id.succeeded()) {
            return UNKNOWN;
        }
        String text = id.output().strip();
        return text.chars().allMatch(Character::isDigit) && !text.isEmpty() ? Long.parseLong(text) : UNKNOWN;
    }
}
