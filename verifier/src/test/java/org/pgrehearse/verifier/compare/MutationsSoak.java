package org.pgrehearse.verifier.compare;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.testkit.Servers;

/** Thousands of random changes between random majors. {@code -Dpgrehearse.rounds=N} and {@code -Dpgrehearse.seed=N}. */
@ExtendWith(Servers.class)
final class MutationsSoak {
    private static final List<Integer> MAJORS = List.of(12, 14, 15, 17, 18);
    private static final int ROWS = 400;
    private static final int MUTATIONS = 200;
    private static final int ROUNDS_DEFAULT = 50;

    @Test
    void every_random_change_of_every_round_is_found(Servers.Running servers) {
        long seed = Long.getLong("pgrehearse.seed", System.nanoTime());
        int rounds = Integer.getInteger("pgrehearse.rounds", ROUNDS_DEFAULT);
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        for (int round = 0; round < rounds; round++) {
            int from = MAJORS.get(random.nextInt(MAJORS.size()));
            int to = MAJORS.get(random.nextInt(MAJORS.size()));
            String replay = "mvn -Psoak -pl verifier -am verify -Dtest=None -Dit.test=MutationsSoak"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false"
                    + " -Dpgrehearse.seed=" + seed + " (round " + round + ", " + from + " to " + to + ")";
            new Mutations(servers.database(from), servers.database(to), Math.min(from, to), random.nextLong(), replay)
                    .run(ROWS, MUTATIONS);
        }
    }
}
