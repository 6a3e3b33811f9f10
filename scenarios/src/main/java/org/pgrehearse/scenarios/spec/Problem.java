package org.pgrehearse.scenarios.spec;

/**
 * One thing wrong with a scenario file.
 *
 * @param file the file's name as the user gave it
 * @param line counted from 1
 * @param key path of the offending key, such as {@code load.rate}
 * @param message what is wrong and what to write instead
 */
public record Problem(String file, int line, String key, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
