package org.pgrehearse.scenarios.capture;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's {@code log_line_prefix}, as a pattern of the lines it begins. Immutable. */
public final class LinePrefix {
    private static final Pattern ESCAPE = Pattern.compile("%(-?\\d*)([a-zA-Z%])");
    private static final String STAMP = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
    private static final String SEVERITIES = "DEBUG\\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC"
            + "|DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT|BACKTRACE";

    private final Pattern line;

    private LinePrefix(Pattern line) {
        this.line = line;
    }

    /**
     * Reads a prefix such as {@code '%m [%p] '}.
     *
     * @throws IllegalArgumentException when it has no time (%m, %t or %n) or no session (%c or %p)
     */
    public static LinePrefix of(String prefix) {
        StringBuilder pattern = new StringBuilder();
        Matcher escape = ESCAPE.matcher(prefix);
        boolean time = false;
        boolean session = false;
        boolean pid = false;
        int from = 0;
        int optional = 0;
        while (escape.find()) {
            pattern.append(Pattern.quote(prefix.substring(from, escape.start())));
            from = escape.end();
            char letter = escape.group(2).charAt(0);
            String padded = escape.group(1).isEmpty() ? "" : " *";
            if (letter == 'q') {
                pattern.append("(?:");
                optional++;
            } else {
                boolean first = switch (letter) {
                    case 'm', 't', 'n' -> !time;
                    case 'c' -> !session;
                    case 'p' -> !pid;
                    default -> true;
                };
                pattern.append(padded).append(first ? of(letter) : ".*?").append(padded);
                time |= letter == 'm' || letter == 't' || letter == 'n';
                session |= letter == 'c';
                pid |= letter == 'p';
            }
        }
        pattern.append(Pattern.quote(prefix.substring(from))).append(")?".repeat(optional));
        if (!time || !(session || pid)) {
            throw new IllegalArgumentException("Cannot read a log by the prefix '" + prefix
                    + "': it needs a time (%m, %t or %n) and a session (%c or %p).");
        }
        pattern.append("(?<severity>").append(SEVERITIES).append("):  (?<text>.*)");
        return new LinePrefix(Pattern.compile(pattern.toString(), Pattern.DOTALL));
    }

    private static String of(char letter) {
        return switch (letter) {
            case 'm' -> "(?<time>" + STAMP + "\\.\\d{3} [^ ]+)";
            case 't' -> "(?<time>" + STAMP + " [^ ]+)";
            case 'n' -> "(?<time>\\d{9,11}\\.\\d{3})";
            case 'c' -> "(?<session>[0-9a-f]+\\.[0-9a-f]+)";
            case 'p' -> "(?<pid>\\d+)";
            case 'e' -> "(?<state>[0-9A-Z]{5})";
            case 'l', 'x', 'P' -> "\\d*";
            case 's' -> STAMP + " [^ ]+";
            case '%' -> "%";
            default -> "[^\\n]*?";
        };
    }

    /** The parts of a line; empty when it does not begin with the prefix. */
    Optional<Parts> match(String text) {
        Matcher matcher = line.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean bySession = line.namedGroups().containsKey("session") && matcher.group("session") != null;
        String session = bySession ? matcher.group("session") : pid(matcher);
        if (session.isEmpty()) {
            return Optional.empty();
        }
        boolean state = line.namedGroups().containsKey("state") && matcher.group("state") != null;
        return Optional.of(new Parts(
                matcher.group("time"),
                session,
                state ? matcher.group("state") : "",
                matcher.group("severity"),
                matcher.group("text")));
    }

    private String pid(Matcher matcher) {
        return line.namedGroups().containsKey("pid") && matcher.group("pid") != null ? matcher.group("pid") : "";
    }

    /** What a line holds. */
    record Parts(String time, String session, String sqlState, String severity, String text) {}
}
