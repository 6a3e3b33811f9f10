package org.pgrehearse.scenarios.capture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.script.SqlScanner;

/**
 * What of a recording may be kept: nothing that may be a secret, and values as their masks when they are to be masked.
 * Not safe for use by many threads.
 */
final class Sieve {
    static final String SECRET = "a statement that may hold a password or a connection string";

    private static final Pattern PLACE = Pattern.compile("\\$(\\d{1,5})");
    private static final String NULL = "\\N";
    private static final String COPY_END = "\\.";

    private final Tally tally;
    private final @Nullable Mask mask;

    Sieve(Tally tally, @Nullable Mask mask) {
        this.tally = tally;
        this.mask = mask;
    }

    /** What is kept of something that was seen whole; empty when it is left out, which is counted then. */
    Optional<Recorded> keep(Recorded recorded, String place) {
        String sql = recorded.sql();
        if (sql == null) {
            return Optional.of(recorded);
        }
        String copy = recorded.copy();
        boolean secret = Secrets.mayBeIn(sql)
                || (copy != null && Secrets.mayBeIn(copy))
                || recorded.parameters().stream().anyMatch(each -> each != null && Secrets.mayBeIn(each));
        if (secret) {
            tally.skip("secret", place, SECRET);
        } else if (sql.isBlank()) {
            tally.skip("empty", place, "an empty statement");
        } else if (recorded.parameters().size() < places(sql)) {
            tally.skip("parameters", place, "a statement whose parameters are not all known");
        } else if (mask != null && copy != null && !Copies.isPlain(sql)) {
            tally.skip("copy", place, "a COPY whose data cannot be masked: it is not in COPY's plain text format");
        } else {
            return Optional.of(masked(recorded));
        }
        return Optional.empty();
    }

    /** The statement with its values masked. */
    String masked(String sql) {
        return mask == null ? sql : mask.statement(sql);
    }

    /** The same with its values masked. */
    Recorded masked(Recorded recorded) {
        Mask by = mask;
        String sql = recorded.sql();
        if (by == null || sql == null) {
            return recorded;
        }
        List<List<@Nullable String>> results = recorded.results();
        String copy = recorded.copy();
        return new Recorded(
                recorded.session(),
                recorded.atMicros(),
                by.statement(sql),
                masked(by, recorded.parameters()),
                recorded.durationMicros(),
                recorded.sqlState(),
                results == null ? null : rows(by, results),
                copy == null ? null : lines(by, copy));
    }

    private static List<@Nullable String> masked(Mask by, List<@Nullable String> values) {
        List<@Nullable String> masked = new ArrayList<>();
        values.forEach(value -> masked.add(by.parameter(value)));
        return masked;
    }

    private static List<List<@Nullable String>> rows(Mask by, List<List<@Nullable String>> rows) {
        List<List<@Nullable String>> masked = new ArrayList<>();
        for (List<@Nullable String> row : rows) {
            masked.add(masked(by, row));
        }
        return masked;
    }

    /** COPY's lines with each field masked by itself, the same as it would be anywhere else. */
    private static String lines(Mask by, String copy) {
        String text = new String(copy.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        StringBuilder masked = new StringBuilder();
        String next = "";
        for (String line : text.split("\n", -1)) {
            masked.append(next);
            next = "\n";
            String between = "";
            for (String field : line.equals(COPY_END) ? new String[] {line} : line.split("\t", -1)) {
                masked.append(between).append(field.equals(NULL) || field.equals(COPY_END) ? field : field(by, field));
                between = "\t";
            }
        }
        return new String(masked.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Escapes stay what they are; what is between them is masked. */
    private static String field(Mask by, String field) {
        StringBuilder masked = new StringBuilder();
        int from = 0;
        for (int at = field.indexOf('\\'); at >= 0; at = field.indexOf('\\', from)) {
            int end = Math.min(field.length(), at + 2);
            masked.append(by.value(field.substring(from, at))).append(field, at, end);
            from = end;
        }
        return masked.append(by.value(field.substring(from))).toString();
    }

    /** The highest number of a parameter outside of quotes. */
    static int places(String sql) {
        int max = 0;
        int at = 0;
        Matcher place = PLACE.matcher(sql);
        while (at < sql.length()) {
            int end = SqlScanner.skip(sql, at);
            if (end > at) {
                at = end;
            } else if (sql.charAt(at) == '$' && place.region(at, sql.length()).lookingAt()) {
                max = Math.max(max, Integer.parseInt(place.group(1)));
                at = place.end();
            } else {
                at++;
            }
        }
        return max;
    }
}
