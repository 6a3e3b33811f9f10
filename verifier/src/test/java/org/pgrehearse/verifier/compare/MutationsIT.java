package org.pgrehearse.verifier.compare;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.testkit.Servers;

/** Whatever single values of whatever rows are changed at random: exactly these are found, and nothing else. */
@ExtendWith(Servers.class)
final class MutationsIT {
    private static final int ROWS = 200;
    private static final int MUTATIONS = 60;

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"12, 18", "12, 14", "14, 17", "15, 17", "15, 15", "17, 18", "18, 12"})
    void every_random_change_is_found_and_nothing_else(int from, int to, Servers.Running servers) {
        long seed = Long.getLong("pgrehearse.seed", 20_260_101L + from * 100L + to);
        new Mutations(servers.database(from), servers.database(to), Math.min(from, to), seed, replay(seed))
                .run(ROWS, MUTATIONS);
    }

    private static String replay(long seed) {
        return "mvn -pl verifier -am verify -Dtest=None -Dit.test=MutationsIT -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dfailsafe.failIfNoSpecifiedTests=false -Dpgrehearse.seed=" + seed;
    }
}
