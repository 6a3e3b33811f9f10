package org.pgrehearse.chaos;

import java.util.regex.Pattern;

/** What the texts of a fault must look like. */
final class Names {
    // Toxiproxy's Java client puts names into URLs as they are.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private Names() {}

    static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name \"" + name + "\" needs letters, digits, dots and dashes only");
        }
    }

    static void checkText(String text, String what) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a fault needs " + what);
        }
    }
}
