package org.pgrehearse.scenarios.capture;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time stamps of a log. Only differences count, so the zone is not looked at. */
final class LogTime {
    private static final Pattern STAMP =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)(?: [A-Za-z0-9+:<>_/-]+)?");
    private static final Pattern EPOCH = Pattern.compile("(\\d{9,11})\\.(\\d{3})");

    private LogTime() {}

    static OptionalLong micros(String text) {
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            return OptionalLong.of(TimeUnit.SECONDS.toMicros(Long.parseLong(epoch.group(1)))
                    + TimeUnit.MILLISECONDS.toMicros(Long.parseLong(epoch.group(2))));
        }
        Matcher stamp = STAMP.matcher(text);
        if (!stamp.matches()) {
            return OptionalLong.empty();
        }
        try {
            LocalDateTime time = LocalDateTime.parse(stamp.group(1) + "T" + stamp.group(2));
            return OptionalLong.of(TimeUnit.SECONDS.toMicros(time.toEpochSecond(ZoneOffset.UTC))
                    + time.getLong(ChronoField.MICRO_OF_SECOND));
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }
}
