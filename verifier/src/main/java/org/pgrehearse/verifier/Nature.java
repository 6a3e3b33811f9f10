package org.pgrehearse.verifier;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The known classes of differences between two values, told from their texts. */
final class Nature {
    private static final int DIGITS_MAX = 1_000;
    private static final int TIME_CHARACTERS_MAX = 40;
    private static final Pattern TIME = Pattern.compile("(\\d{4,6}-\\d\\d-\\d\\d[ T])?\\d\\d:\\d\\d.*");
    private static final DateTimeFormatter OFFSET_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH:mm:ss", "Z")
            .toFormatter();
    private static final DateTimeFormatter OFFSET_DATE_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral('T')
            .append(OFFSET_TIME)
            .toFormatter();

    private Nature() {}

    static Optional<String> of(@Nullable String source, @Nullable String target) {
        if (source == null || target == null) {
            return "".equals(source) || "".equals(target) ? Optional.of("null and the empty text") : Optional.empty();
        }
        if (source.equals(target)) {
            return Optional.of("the same text of other bytes");
        }
        if (isZero(source) && isZero(target) && source.startsWith("-") != target.startsWith("-")) {
            return Optional.of("only the sign of zero");
        }
        if (isNumber(source) && isNumber(target)) {
            boolean equal = new BigDecimal(source).compareTo(new BigDecimal(target)) == 0;
            return equal ? Optional.of("only the numeric scale") : Optional.empty();
        }
        return sameMoment(source, target)
                ? Optional.of("only the time zone of display")
                : document(source, target).or(() -> text(source, target));
    }

    private static Optional<String> document(String source, String target) {
        Optional<String> left = JsonText.canonical(source, false);
        Optional<String> right = JsonText.canonical(target, false);
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        if (left.equals(right)) {
            return Optional.of("only blanks of JSON");
        }
        return JsonText.canonical(source, true).equals(JsonText.canonical(target, true))
                ? Optional.of("only the order of JSON keys")
                : Optional.empty();
    }

    private static Optional<String> text(String source, String target) {
        if (lines(source).equals(lines(target))) {
            return Optional.of("only the ends of lines");
        }
        if (source.stripTrailing().equals(target.stripTrailing())) {
            return Optional.of("only blanks at the end");
        }
        if (normal(source).equals(normal(target))) {
            return Optional.of("only the Unicode normalization");
        }
        if (source.equalsIgnoreCase(target)) {
            return Optional.of("only the letters' case");
        }
        boolean sameButBlanks = source.replaceAll("\\s", "").equals(target.replaceAll("\\s", ""));
        return sameButBlanks ? Optional.of("only blanks") : Optional.empty();
    }

    private static String lines(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static String normal(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static boolean isNumber(String text) {
        return text.length() <= DIGITS_MAX && text.matches("-?\\d+(\\.\\d+)?");
    }

    private static boolean isZero(String text) {
        return text.length() <= DIGITS_MAX && text.matches("-?0+(\\.0+)?");
    }

    private static boolean sameMoment(String source, String target) {
        if (Math.max(source.length(), target.length()) > TIME_CHARACTERS_MAX
                || !TIME.matcher(source).matches()
                || !TIME.matcher(target).matches()) {
            return false;
        }
        Optional<Object> left = moment(source);
        return left.isPresent() && left.equals(moment(target));
    }

    /** What a text with a time zone means, without the zone; empty when it has none or is no time. */
    private static Optional<Object> moment(String text) {
        String whole = text.matches(".*[+-]\\d\\d") ? text + ":00" : text;
        try {
            return whole.charAt(2) == ':'
                    ? Optional.of(OffsetTime.parse(whole, OFFSET_TIME).withOffsetSameInstant(ZoneOffset.UTC))
                    : Optional.of(OffsetDateTime.parse(whole.replace(' ', 'T'), OFFSET_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
