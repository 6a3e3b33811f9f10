package org.pgrehearse.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.spec.Units;
import org.pgrehearse.verifier.chunk.Pace;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.snapshot.Timeouts;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that protect the servers that {@code verify} reads from. */
final class GentleOptions {
    @Option(
            names = "--chunk-time",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "How long one statement should take, such as 500ms; default 1s.")
    private @Nullable Duration chunkTime;

    @Option(
            names = "--max-lag",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Pause while a standby or subscriber of either server lags more.")
    private @Nullable Duration maxLag;

    @Option(
            names = "--max-load",
            paramLabel = "N",
            description = "Pause while either server runs more statements of other clients.")
    private @Nullable Integer maxLoad;

    @Option(
            names = "--statement-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "For each statement; default 1h.")
    private @Nullable Duration statementTimeout;

    @Option(
            names = "--lock-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "For each wait for a lock; default 10s.")
    private @Nullable Duration lockTimeout;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "For a connection without a statement; default 2h.")
    private @Nullable Duration idleTimeout;

    @Option(
            names = "--snapshot-time",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "How long the snapshots may be held; what is not read by then is inconclusive. Default 12h.")
    private @Nullable Duration snapshotTime;

    VerifyOptions applied(VerifyOptions options) {
        Pace pace = new Pace(
                chunkTime == null ? options.pace().chunkTime() : chunkTime,
                Optional.ofNullable(maxLag),
                maxLoad == null ? OptionalInt.empty() : OptionalInt.of(maxLoad));
        Timeouts defaults = options.timeouts();
        return options.withPace(pace)
                .withTimeouts(new Timeouts(
                        statementTimeout == null ? defaults.statement() : statementTimeout,
                        lockTimeout == null ? defaults.lock() : lockTimeout,
                        idleTimeout == null ? defaults.idle() : idleTimeout,
                        snapshotTime == null ? defaults.snapshot() : snapshotTime));
    }

    /** A time with its unit. */
    static final class DurationText implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Units.duration(text)
                    .orElseThrow(() -> new TypeConversionException("'" + text
                            + "' is not a time. Write a number with its unit, such as 500ms, 10s, 5m or 2h."));
        }
    }
}
