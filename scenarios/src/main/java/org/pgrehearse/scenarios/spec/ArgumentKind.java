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
    /** A whole number above 0. */
    POSITIVE("a whole number above 0") {
        @Override
        boolean accepts(String text) {
            return NUMBER.accepts(text) && Long.parseLong(text) > 0;
        }
    },
    /** How many rows of each table are meant. */
    ROWS("none, all or a whole number above 0") {
        @Override
        boolean accepts(String text) {
            return text.equals("none") || text.equals("all") || POSITIVE.accepts(text);
        }
    },
    /** A number of processes. */
    PROCESSES("a whole number from 1 to 64") {
        @Override
        boolean accepts(String text) {
            return POSITIVE.accepts(text) && Long.parseLong(text) <= 64;
        }
    },
    /** A distance on a number line. */
    JUMP("a whole number other than 0, such as 1000 or -1000") {
        @Override
        boolean accepts(String text) {
            return POSITIVE.accepts(text.startsWith("-") ? text.substring(1) : text);
        }
    },
    /** A duration of at least a second, with a minus in front when it leads backwards. */
    OFFSET("a duration of at least 1s, such as 1h, or -1h for backwards") {
        @Override
        boolean accepts(String text) {
            return Units.offset(text).filter(offset -> offset.toSeconds() != 0).isPresent();
        }
    },
    /** The size of a file. */
    FILE_SIZE("a size from 1B to 1GiB, such as 64MiB") {
        @Override
        boolean accepts(String text) {
            return Units.bytes(text).filter(n -> n > 0 && n <= 1L << 30).isPresent();
        }
    },
    /** The size of a small file system. */
    DISK_SIZE("a size from 128MiB to 4GiB, such as 512MiB") {
        @Override
        boolean accepts(String text) {
            return Units.bytes(text).filter(n -> n >= 1L << 27 && n <= 1L << 32).isPresent();
        }
    },
    /** Which sessions of a server. */
    SESSIONS("walsenders, apply-workers, clients, \"user NAME\", \"database NAME\" or \"application NAME\"") {
        @Override
        boolean accepts(String text) {
            return SESSION_WORDS.matcher(text).matches();
        }
    },
    /** Any text, such as a statement or a table's name. */
    TEXT("a text") {
        @Override
        boolean accepts(String text) {
            return !text.isBlank();
        }
    },
    /** Several texts, in the order they are given; one text is a list of one. */
    TEXTS("a list of texts") {
        @Override
        boolean accepts(String text) {
            return true;
        }
    },
    /** Several variables, each written NAME=VALUE. */
    VARIABLES("NAME=VALUE, with a name of letters, digits and _") {
        @Override
        boolean accepts(String text) {
            return VARIABLE.matcher(text).matches();
        }
    },
    /** Several pairs of names, each written ONE=OTHER. */
    MAPS("ONE=OTHER, such as shop.orders=shop.orders_new") {
        @Override
        boolean accepts(String text) {
            int equals = text.indexOf('=');
            return equals > 0
                    && !text.substring(0, equals).isBlank()
                    && !text.substring(equals + 1).isBlank();
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
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*", Pattern.DOTALL);
    private static final Pattern SESSION_WORDS =
            Pattern.compile("walsenders|apply-workers|clients|(user|database|application) \\S.*");

    private final String example;

    ArgumentKind(String example) {
        this.example = example;
    }

    abstract boolean accepts(String text);

    /** Whether a file gives several texts. */
    public boolean isList() {
        return this == TEXTS || this == VARIABLES || this == MAPS;
    }

    /** What is wrong with the text; empty when nothing is. */
    public Optional<String> problem(String text) {
        return accepts(text) ? Optional.empty() : Optional.of("\"" + text + "\" is not " + example);
    }
}
