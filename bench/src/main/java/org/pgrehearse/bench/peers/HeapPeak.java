package org.pgrehearse.bench.peers;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The most that a Java heap held, from the log of its collector. Between two collections a heap only grows, so its
 * peaks are just before a collection and at the end.
 *
 * @param usedKilobytes with what was garbage already; depends on how large a heap the JVM gives itself
 * @param liveKilobytes what a collection left, at most; zero when none was needed
 */
record HeapPeak(long usedKilobytes, long liveKilobytes) {
    private static final long KILOBYTES_PER_MEGABYTE = 1024;
    private static final Pattern PAUSE = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(\\d+M\\)");
    private static final Pattern GENERATION_AT_EXIT =
            Pattern.compile("\\[gc,(?:heap,)?exit *\\].* total (\\d+)K, used (\\d+)K");

    /** Reads a log of {@code -Xlog:gc*=info} of the serial collector; empty when the JVM did not end in order. */
    static Optional<HeapPeak> of(List<String> log) {
        long used = 0;
        long live = 0;
        long atExit = 0;
        boolean ended = false;
        for (String line : log) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                used = Math.max(used, Long.parseLong(pause.group(1)) * KILOBYTES_PER_MEGABYTE);
                live = Math.max(live, Long.parseLong(pause.group(2)) * KILOBYTES_PER_MEGABYTE);
            }
            Matcher generation = GENERATION_AT_EXIT.matcher(line);
            if (generation.find()) {
                atExit += Long.parseLong(generation.group(2));
                ended = true;
            }
        }
        return ended ? Optional.of(new HeapPeak(Math.max(used, atExit), live)) : Optional.empty();
    }

    /** The higher of each of the two. */
    HeapPeak max(HeapPeak other) {
        return new HeapPeak(Math.max(usedKilobytes, other.usedKilobytes), Math.max(liveKilobytes, other.liveKilobytes));
    }
}
