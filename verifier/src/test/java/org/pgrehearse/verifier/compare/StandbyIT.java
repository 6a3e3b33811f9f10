package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.chunk.Pace;
import org.pgrehearse.verifier.testkit.OwnServer;

/** A hot standby is read like any other server, through several connections that see the same. */
final class StandbyIT {
    @Test
    void a_hot_standby_is_compared_with_its_primary(@TempDir Path folder) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("standby"));
        try (OwnServer primary = OwnServer.start(folder.resolve("primary"), 15, Map.of())) {
            primary.database("postgres")
                    .run("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, repeat(md5(i::text), 9)"
                            + " FROM generate_series(1, 40000) i");
            Files.delete(copy);
            primary.copyTo(copy);
            Files.createFile(copy.resolve("standby.signal"));
            String conninfo = "'host=127.0.0.1 port=" + primary.port() + " user=postgres'";
            try (OwnServer standby =
                    OwnServer.start(copy, 15, Map.of("primary_conninfo", conninfo, "hot_standby", "on"))) {
                primary.database("postgres").run("UPDATE t SET v = 'late' WHERE id = 39000");
                await().until(() -> standby.database("postgres")
                        .value("SELECT v FROM t WHERE id = 39000")
                        .equals("late"));
                VerifyOptions options = VerifyOptions.of(standby.database("postgres"), primary.database("postgres"))
                        .withJobs(3)
                        .withPace(new Pace(
                                Duration.ofMillis(100), Optional.of(Duration.ofMinutes(1)), OptionalInt.of(100)));
                Verification same = verify(options);
                assertThat(same.verdict()).isEqualTo(Verdict.CONSISTENT);
                assertThat(same.tables().getFirst().plan()).isEqualTo("key-range");
                assertThat(same.source().snapshotLsn()).isNotNull();
            }
        }
    }
}
