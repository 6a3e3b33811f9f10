package org.pgrehearse.verifier.compare;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.pgrehearse.verifier.chunk.Pace;
import org.pgrehearse.verifier.testkit.Database;

/** A comparison in a process of its own, which a test may kill. */
final class Client {
    private Client() {}

    static VerifyOptions options(int sourcePort, int targetPort, Path resume) {
        return VerifyOptions.of(
                        new Database(sourcePort, "postgres", "postgres"),
                        new Database(targetPort, "postgres", "postgres"))
                .withJobs(2)
                .withPace(new Pace(Duration.ofMillis(10), Optional.empty(), OptionalInt.empty()))
                .withResume(resume);
    }

    /** Compares; the arguments are both ports and the file to continue from. */
    public static void main(String[] arguments) throws Exception {
        new Verifier()
                .verify(
                        options(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Path.of(arguments[2])),
                        Progress.NONE);
    }
}
