package org.pgrehearse.bench.peers;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel says that a program used.
 *
 * @param peakKilobytes the most memory it had resident, in KiB
 * @param processorSeconds of its own time and of the kernel's on its behalf
 */
record Usage(long peakKilobytes, double processorSeconds) {
    /** What GNU time must print. */
    static final String FORMAT = "%M %U %S";

    private static final Pattern LINE = Pattern.compile("(\\d{1,15}) (\\d{1,9}\\.\\d+) (\\d{1,9}\\.\\d+)");

    /** Reads what GNU time printed; empty when it is something else. */
    static Optional<Usage> of(String text) {
        Matcher line = LINE.matcher(text.strip());
        return line.matches()
                ? Optional.of(new Usage(
                        Long.parseLong(line.group(1)),
                        Double.parseDouble(line.group(2)) + Double.parseDouble(line.group(3))))
                : Optional.empty();
    }

    /** Both at the same time. */
    Usage plus(Usage other) {
        return new Usage(peakKilobytes + other.peakKilobytes, processorSeconds + other.processorSeconds);
    }
}
