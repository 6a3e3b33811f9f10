package org.pgrehearse.scenarios.capture;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.script.SqlScanner;

/**
 * Replaces values by a keyed hash of them: the same value has the same mask, and a mask has the type and the shape of
 * its value. Whole numbers of 3 to 18 digits are permuted instead, so that no two of them share a mask. Not safe for
 * use by many threads.
 */
public final class Mask {
    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern KEPT = Pattern.compile("(?i)|t|f|true|false|null|[-+]?\\d{1,2}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(?:\\.\\d+)?");
    private static final Pattern INTEGER = Pattern.compile("[-+]?[1-9]\\d{2,17}");
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TIME = Pattern.compile("(?s)\\d{4}-\\d\\d-\\d\\d(?:[ T].*)?");
    private static final int LARGE_LENGTH = 19;

    private final Mac mac;
    private final NumberMask numbers;

    /** Masks by this key. */
    public Mask(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            numbers = new NumberMask(mac.doFinal("numbers".getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM + ".", e);
        }
    }

    /** The statement with its literals and its numbers of more than two digits masked; quoted names stay. */
    String statement(String sql) {
        StringBuilder masked = new StringBuilder();
        int at = 0;
        while (at < sql.length()) {
            char first = sql.charAt(at);
            int end = SqlScanner.skip(sql, at);
            if (end > at) {
                masked.append(quoted(sql.substring(at, end), escapes(sql, at)));
                at = end;
            } else if (Character.isLetter(first) || first == '_' || first == '$') {
                end = wordEnd(sql, at);
                masked.append(sql, at, end);
                at = end;
            } else if (Character.isDigit(first)) {
                end = numberEnd(sql, at);
                masked.append(value(sql.substring(at, end)));
                at = end;
            } else {
                masked.append(first);
                at++;
            }
        }
        return masked.toString();
    }

    private static boolean escapes(String sql, int at) {
        return at > 0 && Character.toLowerCase(sql.charAt(at - 1)) == 'e';
    }

    private String quoted(String text, boolean escapes) {
        return switch (text.charAt(0)) {
            case '\'' -> {
                String inner = text.substring(1, Math.max(1, text.length() - 1)).replace("''", "'");
                String masked =
                        value(escapes ? inner.replace("\\", "\\\\") : inner).replace("'", "''");
                yield "'" + (escapes ? masked.replace("\\", "") : masked) + "'";
            }
            case '$' -> "'" + value(text) + "'";
            case '"' -> text;
            default -> " ";
        };
    }

    private static int wordEnd(String sql, int from) {
        int end = from + 1;
        while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private static int numberEnd(String sql, int from) {
        int end = from;
        while (end < sql.length() && Character.isDigit(sql.charAt(end))) {
            end++;
        }
        int fraction = end + 1;
        while (fraction < sql.length() && sql.charAt(end) == '.' && Character.isDigit(sql.charAt(fraction))) {
            fraction++;
        }
        return fraction > end + 1 && sql.charAt(end) == '.' ? fraction : end;
    }

    /** The mask of a parameter; a null stays one. */
    @Nullable
    String parameter(@Nullable String value) {
        return value == null ? null : value(value);
    }

    /** The mask of a value. */
    public String value(String value) {
        if (KEPT.matcher(value).matches()) {
            return value;
        }
        if (INTEGER.matcher(value).matches()) {
            return numbers.mask(value);
        }
        byte[] hash = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        if (TIME.matcher(value).matches()) {
            return String.format(
                            Locale.ROOT,
                            "%04d-%02d-%02d",
                            1970 + pick(hash, 0, 60),
                            1 + pick(hash, 1, 12),
                            1 + pick(hash, 2, 28))
                    + value.substring(10);
        }
        if (NUMBER.matcher(value).matches()) {
            return digits(value, hash);
        }
        return shaped(value, hash, UUID.matcher(value).matches());
    }

    private static int pick(byte[] hash, int at, int choices) {
        return Math.floorMod(hash[at % hash.length] * 31 + hash[(at + 7) % hash.length] + at, choices);
    }

    /** The same number of digits; the first is not zero, and small enough for the type that the value fitted. */
    private static String digits(String value, byte[] hash) {
        StringBuilder masked = new StringBuilder();
        int seen = 0;
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (Character.isDigit(each)) {
                int first = value.length() >= LARGE_LENGTH ? 1 : 1 + pick(hash, 0, 9);
                masked.append(seen == 0 ? first : pick(hash, seen, 10));
                seen++;
            } else {
                masked.append(each);
            }
        }
        return masked.toString();
    }

    /** Letters become letters and digits digits; what is neither stays. */
    private static String shaped(String value, byte[] hash, boolean hexadecimal) {
        StringBuilder masked = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (Character.isDigit(each) || (hexadecimal && Character.isLetter(each))) {
                masked.append(
                        hexadecimal ? Character.forDigit(pick(hash, i, 16), 16) : (char) ('0' + pick(hash, i, 10)));
            } else if (Character.isLetter(each)) {
                masked.append((char) ((Character.isUpperCase(each) ? 'A' : 'a') + pick(hash, i, 26)));
            } else {
                masked.append(each);
            }
        }
        return masked.toString();
    }
}
