package org.pgrehearse.verifier.digest;

/**
 * An expression that two values share exactly when they are the same.
 *
 * @param shape what the expression yields, which decides how it is hashed
 * @param template SQL in which {@code %s} stands for the column
 */
record Form(Shape shape, String template) {
    enum Shape {
        INTEGER,
        TEXT,
        ARRAY,
        OTHER
    }

    String of(String column) {
        return template.replace("%s", column);
    }
}
