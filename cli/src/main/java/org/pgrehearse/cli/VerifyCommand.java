package org.pgrehearse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pgrehearse verify}. */
@Command(name = "verify", description = "Compare two databases exactly, and list what differs.")
final class VerifyCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.INCONCLUSIVE;
    }
}
