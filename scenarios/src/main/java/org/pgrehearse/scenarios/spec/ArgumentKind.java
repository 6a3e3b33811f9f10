package org.pgrehearse.scenarios.spec;

import java.util.Optional;
import java.util.regex.Pattern;

/** What kind of text an argument of a step or of a fault takes. */
public enum ArgumentKind {
    /** A time with its unit. */
    DURATION("a duration such as 500ms, 3s or 2m") {
        @Override
        boolean accepts(String text) {
            return Units.duration(text).isPresent();
        }
    },
    /** A number of bytes with its unit. */
    BYTES("a size such as 64KiB or 1MiB") {
        @Override
        boolean accepts(String text) {
            return Units.bytes(text).isPresent();
        }
    },
    /** A whole number that is not negative. */
    NUMBER("a whole number") {
        @Override
        boolean accepts(String text) {
            return WHOLE_NUMBER.matcher(text).matches();
        }
    },
    /** One of a few words; the shape's default text lists them. */
    WORD("a word") {
        @Override
        boolean accepts(String text) {
            return !text.isBlank();
        }
    };

    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,18}");

    private final String example;

    ArgumentKind(String example) {
        this.example = example;
    }

    abstract boolean accepts(String text);

    /** What is wrong with the text; empty when nothing is. */
    public Optional<String> problem(String text) {
        return accepts(text) ? Optional.empty() : Optional.of("\"" + text + "\" is not " + example);
    }
}
