package org.pgrehearse.chaos.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Interceptor;
import org.pgrehearse.chaos.proxy.Interceptor.Passage;
import org.pgrehearse.chaos.proxy.Interceptor.Then;

/**
 * However the network splits the bytes, the same goes on: nothing is lost, added or reordered. Random conversations,
 * random splits; a failure names its seed.
 */
final class SplittingTest {
    private static final int SEEDS = 100;
    private static final int SPLITS = 4;
    private static final int REPLICATION = 0;
    private static final int COPY_IN = 1;
    private static final int COPY_OUT = 2;
    private static final String CLIENT_TYPES = "QPBECSHdcfX";
    private static final String SERVER_TYPES = "CEZSKGHWcTdDN123tnsIA";
    private static final List<Point> POINTS = List.of(
            new Point.Commit(CutPoint.BEFORE_FORWARDING),
            new Point.Commit(CutPoint.AFTER_FORWARDING),
            new Point.Commit(CutPoint.ACKNOWLEDGEMENT_WITHHELD),
            new Point.Commit(CutPoint.BEFORE_READY),
            new Point.Commit(CutPoint.AFTER_READY),
            Point.Statement.matching("ledger"),
            new Point.Row(3),
            new Point.Copy(Direction.UPSTREAM, Point.Unit.MESSAGES, 2),
            new Point.Copy(Direction.UPSTREAM, Point.Unit.BYTES, 50),
            new Point.Copy(Direction.DOWNSTREAM, Point.Unit.MESSAGES, 2),
            new Point.Copy(Direction.DOWNSTREAM, Point.Unit.BYTES, 50),
            new Point.ReplicatedTransaction(1),
            new Point.Lsn(1000),
            new Point.StandbyStatus());

    /** What went on, and how it ended. */
    private record Result(String upstream, String downstream, List<Then> ends) {}

    /** One batch of bytes of one peer. */
    private static final class Batch {
        private final Direction direction;
        private final byte[] bytes;

        private Batch(Direction direction, byte[] bytes) {
            this.direction = direction;
            this.bytes = bytes;
        }
    }

    @Test
    void without_orders_every_byte_goes_on_however_it_is_split() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Batch> batches = conversation(random(seed));
            for (int split = 0; split < SPLITS; split++) {
                Result result = run(new WireWatch(), batches, random(seed * SPLITS + split));
                assertThat(result).as("seed %d", seed).isEqualTo(untouched(batches));
            }
        }
    }

    @Test
    void bytes_that_make_no_sense_go_on_too() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = random(seed);
            List<Batch> batches = new ArrayList<>();
            for (int batch = 0; batch < 10; batch++) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                batches.add(new Batch(random.nextBoolean() ? Direction.UPSTREAM : Direction.DOWNSTREAM, noise));
            }
            WireWatch watch = new WireWatch();
            delays().forEach(watch::arm);
            assertThat(run(watch, batches, random)).as("seed %d", seed).isEqualTo(untouched(batches));
        }
    }

    @Test
    void a_delay_at_any_point_changes_no_byte() throws Exception {
        long bites = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Batch> batches = conversation(random(seed));
            WireWatch watch = new WireWatch();
            List<Ambush> ambushes = delays().map(watch::arm).toList();
            assertThat(run(watch, batches, random(seed))).as("seed %d", seed).isEqualTo(untouched(batches));
            bites += ambushes.stream().mapToLong(Ambush::bites).sum();
            assertThat(ambushes).isNotEmpty();
        }
        assertThat(bites).as("the conversations have points in them").isGreaterThan(SEEDS);
    }

    @Test
    void a_cut_at_any_point_is_at_the_same_byte_however_it_is_split() throws Exception {
        for (Point point : POINTS) {
            long bites = 0;
            for (long seed = 0; seed < SEEDS; seed++) {
                List<Batch> batches = conversation(random(seed));
                List<Result> results = new ArrayList<>();
                for (int split = 0; split < SPLITS; split++) {
                    WireWatch watch = new WireWatch();
                    Ambush ambush = watch.arm(order(point, new Action.Close()));
                    results.add(run(watch, batches, random(seed * SPLITS + split)));
                    bites += ambush.bites();
                }
                assertThat(results).as("%s, seed %d", point.label(), seed).containsOnly(results.getFirst());
            }
            assertThat(bites).as(point.label()).isPositive();
        }
    }

    /** Neighboring seeds would begin alike. */
    private static Random random(long seed) {
        return new Random((seed + 1) * 0x9E3779B97F4A7C15L);
    }

    private static Stream<Order> delays() {
        return POINTS.stream()
                .filter(point -> !point.equals(new Point.Commit(CutPoint.AFTER_FORWARDING)))
                .map(point -> order(point, new Action.Delay(Duration.ofNanos(1))));
    }

    private static Order order(Point point, Action action) {
        return new Order(point, new Whom.All(), action, Turns.everyNth(1));
    }

    private static Result untouched(List<Batch> batches) {
        ByteArrayOutputStream up = new ByteArrayOutputStream();
        ByteArrayOutputStream down = new ByteArrayOutputStream();
        batches.forEach(batch -> (batch.direction == Direction.UPSTREAM ? up : down).writeBytes(batch.bytes));
        return new Result(text(up), text(down), List.of());
    }

    /** Passes the batches through a new connection in random pieces, as a proxy would. */
    private static Result run(WireWatch watch, List<Batch> batches, Random random) throws InterruptedException {
        Interceptor connection = watch.connected(new Interceptor.Link(1, question -> 0, () -> {}));
        ByteArrayOutputStream up = new ByteArrayOutputStream();
        ByteArrayOutputStream down = new ByteArrayOutputStream();
        List<Then> ends = new ArrayList<>();
        for (Batch batch : batches) {
            ByteArrayOutputStream out = batch.direction == Direction.UPSTREAM ? up : down;
            int start = 0;
            while (start < batch.bytes.length && ends.isEmpty()) {
                int length = Math.min(batch.bytes.length - start, 1 + random.nextInt(1 + random.nextInt(80)));
                Passage passage = connection.pass(batch.direction, ByteBuffer.wrap(batch.bytes.clone(), start, length));
                while (passage.then() == Then.RESUME) {
                    append(passage.forward(), out);
                    passage = connection.resume(batch.direction);
                }
                append(passage.forward(), out);
                if (passage.then() != Then.CONTINUE) {
                    ends.add(passage.then());
                }
                start += length;
            }
        }
        if (ends.isEmpty()) {
            append(connection.rest(Direction.UPSTREAM), up);
            append(connection.rest(Direction.DOWNSTREAM), down);
        }
        connection.over();
        assertThat(watch.openConnections()).isZero();
        return new Result(text(up), text(down), ends);
    }

    private static void append(ByteBuffer bytes, ByteArrayOutputStream out) {
        while (bytes.hasRemaining()) {
            out.write(bytes.get());
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** What client and server say by turns; types and texts are those that matter, in an order that need not. */
    private static List<Batch> conversation(Random random) {
        List<Batch> batches = new ArrayList<>();
        batches.add(new Batch(Direction.UPSTREAM, startup()));
        int kind = random.nextInt(5);
        switch (kind) {
            case REPLICATION -> {
                byte[] replicate = message('Q', "START_REPLICATION SLOT s LOGICAL 0/0 (proto_version '4')\0");
                batches.add(new Batch(Direction.UPSTREAM, replicate));
                batches.add(new Batch(Direction.DOWNSTREAM, message('W', "\0\0\0")));
            }
            case COPY_IN -> batches.add(new Batch(Direction.DOWNSTREAM, message('G', "\0\0\0")));
            case COPY_OUT -> batches.add(new Batch(Direction.DOWNSTREAM, message('H', "\0\0\0")));
            default -> {}
        }
        for (int turn = 0; turn < 12; turn++) {
            Direction direction = random.nextBoolean() ? Direction.UPSTREAM : Direction.DOWNSTREAM;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int count = random.nextInt(6); count >= 0; count--) {
                byte[] asked = kind == COPY_IN ? message('d', "2\tcopied in\n") : fromClient(random);
                byte[] answered = switch (kind) {
                    case REPLICATION -> replicated(random);
                    case COPY_IN -> message('N', "SNOTICE\0\0");
                    case COPY_OUT -> message('d', "3\tcopied out\n");
                    default -> fromServer(random);
                };
                bytes.writeBytes(direction == Direction.UPSTREAM ? asked : answered);
            }
            batches.add(new Batch(direction, bytes.toByteArray()));
        }
        return batches;
    }

    private static byte[] fromClient(Random random) {
        char type = CLIENT_TYPES.charAt(random.nextInt(CLIENT_TYPES.length()));
        String name = random.nextBoolean() ? "" : "S_" + random.nextInt(3);
        String sql = switch (random.nextInt(8)) {
            case 0, 1, 2 -> "COMMIT";
            case 3, 4 -> "INSERT INTO ledger VALUES (1)";
            case 5 -> "SELECT '" + "x".repeat(random.nextInt(10_000)) + "'";
            default -> "BEGIN";
        };
        return switch (type) {
            case 'Q' -> message(type, sql + "\0");
            case 'P' -> message(type, name + "\0" + sql + "\0\0\0");
            case 'B' -> message(type, "\0" + name + "\0\0\0\0\0\0\0");
            case 'E' -> message(type, "\0\0\0\0\0");
            case 'C' -> message(type, "S" + name + "\0");
            case 'd' -> message(type, random.nextBoolean() ? "r" + "\0".repeat(33) : "1\tcopied\n");
            default -> message(type, "");
        };
    }

    private static byte[] fromServer(Random random) {
        char type = SERVER_TYPES.charAt(random.nextInt(SERVER_TYPES.length()));
        return switch (type) {
            case 'C' -> message(type, random.nextBoolean() ? "COMMIT\0" : "INSERT 0 1\0");
            case 'E', 'N' -> message(type, "SERROR\0C40001\0Mfailed\0\0");
            case 'Z' -> message(type, "I");
            case 'S' -> message(type, "application_name\0me\0");
            case 'K' -> message(type, "12345678");
            case 'd' -> random.nextBoolean() ? message(type, "1\tcopied\n") : replicated(random);
            case 'D' -> message(type, "row".repeat(random.nextInt(100)));
            default -> message(type, random.nextBoolean() ? "" : "abc");
        };
    }

    private static byte[] replicated(Random random) {
        String change = String.valueOf("BIUDCSEc".charAt(random.nextInt(8)));
        byte[] bytes = message('d', "w" + "\0".repeat(24) + change + "x".repeat(random.nextInt(50)));
        ByteBuffer.wrap(bytes).putLong(6, random.nextInt(2000));
        return bytes;
    }

    private static byte[] startup() {
        byte[] bytes = "user\0me\0database\0mine\0\0".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + bytes.length)
                .putInt(8 + bytes.length)
                .putInt(3 << 16)
                .put(bytes)
                .array();
    }

    private static byte[] message(char type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) type)
                .putInt(4 + bytes.length)
                .put(bytes)
                .array();
    }
}
