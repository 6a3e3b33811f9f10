package org.pgrehearse.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.compare.Progress;
import org.pgrehearse.verifier.compare.Verifier;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.live.LiveOptions;
import org.pgrehearse.verifier.live.LiveVerifier;
import org.pgrehearse.verifier.live.NotLiveException;
import picocli.CommandLine.Option;

/** Options of {@code verify} for a source that is still written. */
final class LiveMode {
    @Option(
            names = "--live",
            description =
                    "The source is still written and the target subscribes to it: report only proven differences.")
    private boolean live;

    @Option(
            names = "--live-wait",
            paramLabel = "TIME",
            converter = GentleOptions.DurationText.class,
            description = "With --live, how long to wait for a slot and for the target to catch up; default 1m.")
    private @Nullable Duration wait;

    @Option(
            names = "--live-rounds",
            paramLabel = "N",
            description = "With --live, how many pairs of snapshots are compared at most; default 3.")
    private @Nullable Integer rounds;

    /** Compares as asked. */
    Verification verify(VerifyOptions options, Progress progress)
            throws CannotConnectException, NotLiveException, InterruptedException {
        if (!live) {
            if (wait != null || rounds != null) {
                throw new UsageException("--live-wait and --live-rounds mean nothing without --live. Add it.");
            }
            return new Verifier().verify(options, progress);
        }
        LiveOptions defaults = LiveOptions.defaults();
        LiveOptions bounds =
                new LiveOptions(wait == null ? defaults.patience() : wait, rounds == null ? defaults.rounds() : rounds);
        return new LiveVerifier(bounds).verify(options, progress);
    }
}
