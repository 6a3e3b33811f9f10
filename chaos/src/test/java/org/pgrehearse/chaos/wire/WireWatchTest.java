package org.pgrehearse.chaos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.chaos.proxy.Direction.DOWNSTREAM;
import static org.pgrehearse.chaos.proxy.Direction.UPSTREAM;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Interceptor;
import org.pgrehearse.chaos.proxy.Interceptor.Passage;
import org.pgrehearse.chaos.proxy.Interceptor.Then;

/** What is forwarded and where it is cut, on hand-written bytes. */
final class WireWatchTest {
    private static final byte[] STARTUP = startup(3 << 16, "user\0me\0\0");
    private static final byte[] SSL = startup(80_877_103, "");
    private static final byte[] COMMIT = message('Q', "COMMIT\0");
    private static final byte[] SYNC = message('S', "");
    private static final byte[] DONE = message('C', "COMMIT\0");
    private static final byte[] READY = message('Z', "I");

    private final WireWatch watch = new WireWatch();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Interceptor connection = watch.connected(link(cuts::incrementAndGet));

    @Test
    void unarmed_it_forwards_everything_however_it_is_split() {
        byte[] all = join(STARTUP, COMMIT, message('Q', "x".repeat(20_000)), message('d', "copy"), COMMIT);
        for (int size = 1; size < 40; size++) {
            Interceptor other = watch.connected(link(() -> {}));
            ByteArrayOutputStream forwarded = new ByteArrayOutputStream();
            for (int start = 0; start < all.length; start += size) {
                byte[] part = Arrays.copyOfRange(all, start, Math.min(all.length, start + size));
                Passage passage = other.pass(UPSTREAM, ByteBuffer.wrap(part));
                assertThat(passage.then()).isEqualTo(Then.CONTINUE);
                forwarded.writeBytes(bytes(passage));
            }
            assertThat(forwarded.toByteArray()).isEqualTo(all);
        }
        assertThat(watch.openConnections()).isEqualTo(40);
        assertThat(watch.blindConnections()).isZero();
    }

    @Test
    void before_forwarding_the_commit_stays_and_what_came_before_goes() {
        Ambush ambush = arm(CutPoint.BEFORE_FORWARDING, Manner.CLOSE);
        byte[] insert = message('Q', "INSERT\0");
        assertPassed(UPSTREAM, join(STARTUP, insert, COMMIT), join(STARTUP, insert), Then.CLOSE);
        assertThat(ambush.bites()).isEqualTo(1);
    }

    @Test
    void after_forwarding_the_commit_goes_and_nothing_else() {
        arm(CutPoint.AFTER_FORWARDING, Manner.RESET);
        assertPassed(UPSTREAM, join(STARTUP, COMMIT, SYNC), join(STARTUP, COMMIT), Then.RESET);
    }

    @Test
    void a_commit_that_comes_byte_by_byte_is_cut_all_the_same() {
        arm(CutPoint.BEFORE_FORWARDING, Manner.CLOSE);
        assertPassed(UPSTREAM, STARTUP, STARTUP, Then.CONTINUE);
        List<Then> thens = new ArrayList<>();
        for (byte b : COMMIT) {
            Passage passage = connection.pass(UPSTREAM, ByteBuffer.wrap(new byte[] {b}));
            assertThat(passage.forward().remaining()).isZero();
            thens.add(passage.then());
        }
        assertThat(thens.getLast()).isEqualTo(Then.CLOSE);
        assertThat(thens).containsOnlyOnce(Then.CLOSE);
    }

    @Test
    void a_withheld_acknowledgement_stays_and_one_before_ready_goes() {
        Ambush withheld = arm(CutPoint.ACKNOWLEDGEMENT_WITHHELD, Manner.CLOSE);
        byte[] row = message('D', "row");
        assertPassed(UPSTREAM, join(STARTUP, COMMIT), join(STARTUP, COMMIT), Then.CONTINUE);
        assertPassed(DOWNSTREAM, join(row, DONE, READY), row, Then.CLOSE);

        watch.disarm(withheld);
        arm(CutPoint.BEFORE_READY, Manner.CLOSE);
        Interceptor other = watch.connected(link(() -> {}));
        Passage passage = other.pass(DOWNSTREAM, ByteBuffer.wrap(join(DONE, READY)));
        assertThat(bytes(passage)).isEqualTo(DONE);
        assertThat(passage.dropped()).isEqualTo(READY.length);
    }

    @Test
    void a_rollback_and_other_commands_are_never_cut() {
        Ambush withheld = arm(CutPoint.ACKNOWLEDGEMENT_WITHHELD, Manner.CLOSE);
        byte[] others =
                join(message('C', "ROLLBACK\0"), message('C', "COMMIT PREPARED\0"), message('C', "INSERT 0 1\0"));
        assertPassed(DOWNSTREAM, others, others, Then.CONTINUE);
        watch.disarm(withheld);
        arm(CutPoint.BEFORE_FORWARDING, Manner.CLOSE);
        byte[] texts = join(
                STARTUP,
                message('Q', "ROLLBACK\0"),
                message('Q', "COMMIT PREPARED 'x'\0"),
                message('Q', "COMMIT AND CHAIN\0"),
                message('Q', "SELECT 'COMMIT'\0"),
                message('P', "\0COMMIT\0\0\0"),
                message('B', "\0\0"),
                message('d', "COMMIT\0"));
        assertPassed(UPSTREAM, texts, texts, Then.CONTINUE);
    }

    @Test
    void a_prepared_commit_is_recognized_when_it_is_executed() {
        byte[] prepare = join(
                STARTUP,
                message('P', "S_2\0" + " commit work ;\0\0\0"),
                message('B', "\0S_2\0\0\0\0\0"),
                message('E', "\0\0\0\0\0"),
                SYNC);
        assertPassed(UPSTREAM, prepare, prepare, Then.CONTINUE);
        arm(CutPoint.BEFORE_FORWARDING, Manner.CLOSE);
        byte[] bind = message('B', "\0S_2\0\0\0\0\0");
        assertPassed(UPSTREAM, join(bind, message('E', "\0\0\0\0\0"), SYNC), bind, Then.CLOSE);
    }

    @Test
    void a_name_that_means_something_else_now_is_no_commit() {
        arm(CutPoint.BEFORE_FORWARDING, Manner.CLOSE);
        byte[] all = join(
                STARTUP,
                message('P', "S_1\0COMMIT\0\0\0"),
                message('C', "SS_1\0"),
                message('P', "S_1\0SELECT 1\0\0\0"),
                message('B', "\0S_1\0\0\0\0\0"),
                message('E', "\0\0\0\0\0"));
        assertPassed(UPSTREAM, all, all, Then.CONTINUE);
    }

    @Test
    void only_so_many_commits_are_cut() {
        Order twice = new Order(
                new Point.Commit(CutPoint.BEFORE_FORWARDING), new Whom.All(), new Action.Close(), Turns.first(2));
        Ambush ambush = watch.arm(twice);
        for (Then then : List.of(Then.CLOSE, Then.CLOSE, Then.CONTINUE)) {
            Interceptor next = watch.connected(link(() -> {}));
            assertThat(next.pass(UPSTREAM, ByteBuffer.wrap(join(STARTUP, COMMIT)))
                            .then())
                    .isEqualTo(then);
        }
        assertThat(ambush.bites()).isEqualTo(2);
    }

    @Test
    void silence_swallows_both_ways_and_ends_the_connection_when_it_heals() {
        Ambush ambush = arm(CutPoint.AFTER_FORWARDING, Manner.SILENCE);
        assertPassed(UPSTREAM, join(STARTUP, COMMIT, SYNC), join(STARTUP, COMMIT), Then.CONTINUE);
        assertPassed(DOWNSTREAM, DONE, new byte[0], Then.CONTINUE);
        assertPassed(UPSTREAM, COMMIT, new byte[0], Then.CONTINUE);
        assertThat(cuts).hasValue(0);
        watch.disarm(ambush);
        assertThat(cuts).hasValue(1);
    }

    @Test
    void a_refused_encryption_is_followed_and_an_accepted_one_is_left_alone() {
        arm(CutPoint.BEFORE_FORWARDING, Manner.CLOSE);
        assertPassed(UPSTREAM, SSL, SSL, Then.CONTINUE);
        assertPassed(DOWNSTREAM, new byte[] {'S'}, new byte[] {'S'}, Then.CONTINUE);
        assertPassed(UPSTREAM, join(STARTUP, COMMIT), join(STARTUP, COMMIT), Then.CONTINUE);

        Interceptor other = watch.connected(link(() -> {}));
        assertThat(bytes(other.pass(UPSTREAM, ByteBuffer.wrap(SSL)))).isEqualTo(SSL);
        assertThat(bytes(other.pass(DOWNSTREAM, ByteBuffer.wrap(new byte[] {'N'}))))
                .isEqualTo(new byte[] {'N'});
        assertThat(other.pass(UPSTREAM, ByteBuffer.wrap(join(STARTUP, COMMIT))).then())
                .isEqualTo(Then.CLOSE);
    }

    @Test
    void what_is_not_postgresql_passes_unread() {
        arm(CutPoint.BEFORE_FORWARDING, Manner.CLOSE);
        byte[] http = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertPassed(UPSTREAM, http, http, Then.CONTINUE);
        byte[] cancel = startup(80_877_102, "12345678");
        Interceptor other = watch.connected(link(() -> {}));
        assertThat(bytes(other.pass(UPSTREAM, ByteBuffer.wrap(cancel)))).isEqualTo(cancel);
        byte[] nonsense = {'Q', 0, 0, 0, 1, 'x'};
        Interceptor third = watch.connected(link(() -> {}));
        assertThat(bytes(third.pass(UPSTREAM, ByteBuffer.wrap(join(STARTUP, nonsense)))))
                .isEqualTo(join(STARTUP, nonsense));
    }

    private Ambush arm(CutPoint point, Manner manner) {
        Ambush ambush = watch.arm(new Order(new Point.Commit(point), new Whom.All(), manner.action(), Turns.once()));
        assertThat(watch.isArmed()).isTrue();
        return ambush;
    }

    private static Interceptor.Link link(Runnable cut) {
        return new Interceptor.Link(1, question -> 0.5, cut);
    }

    private void assertPassed(Direction direction, byte[] sent, byte[] forwarded, Then then) {
        Passage passage = connection.pass(direction, ByteBuffer.wrap(sent));
        assertThat(bytes(passage)).isEqualTo(forwarded);
        assertThat(passage.then()).isEqualTo(then);
        assertThat(passage.dropped()).isEqualTo(sent.length - forwarded.length);
    }

    private static byte[] bytes(Passage passage) {
        byte[] bytes = new byte[passage.forward().remaining()];
        passage.forward().get(bytes);
        return bytes;
    }

    private static byte[] message(char type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) type)
                .putInt(4 + bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] startup(int code, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + bytes.length)
                .putInt(8 + bytes.length)
                .putInt(code)
                .put(bytes)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
