package org.pgrehearse.chaos;

import java.time.Duration;
import java.util.Set;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.wire.CutPoint;
import org.pgrehearse.chaos.wire.Manner;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;

/** A fault as data: what breaks, and where. Nothing happens before it is injected. */
public sealed interface Fault {
    /** The kind, such as {@code latency}, for reports. */
    String kind();

    /** The proxy or server it happens to. */
    String place();

    /** A fault of the network, on the way through one proxy. */
    sealed interface OnNetwork extends Fault {
        /** The proxy's name. */
        String proxy();

        @Override
        default String place() {
            return proxy();
        }
    }

    /** A fault of a server: of all its processes here, of everything else in {@link ServerFault}. */
    sealed interface OnServer extends Fault permits Kill, Pause, ServerFault {
        /** The server's name. */
        String server();

        /** Whether the server may be gone while it lasts. */
        default boolean takesServerDown() {
            return false;
        }

        @Override
        default String place() {
            return server();
        }
    }

    /** The port is closed: connections are cut, connects are refused. */
    record Refuse(String proxy) implements OnNetwork {
        public Refuse {
            checkName(proxy);
        }

        @Override
        public String kind() {
            return "refuse";
        }
    }

    /** Every connection is reset with RST, idle ones too; new ones are, as long as the fault lasts. */
    record Reset(String proxy) implements OnNetwork {
        public Reset {
            checkName(proxy);
        }

        @Override
        public String kind() {
            return "reset";
        }
    }

    /** Bytes arrive late, by {@code latency} give or take {@code jitter}, each way. */
    record Latency(String proxy, Duration latency, Duration jitter, Set<Direction> directions) implements OnNetwork {
        public Latency {
            checkName(proxy);
            checkTime(latency);
            checkTime(jitter);
            directions = checkDirections(directions);
        }

        @Override
        public String kind() {
            return "latency";
        }
    }

    /** No more than so many thousand bytes pass each second, each way. */
    record Bandwidth(String proxy, long kilobytesPerSecond, Set<Direction> directions) implements OnNetwork {
        public Bandwidth {
            checkName(proxy);
            checkNumber(kilobytesPerSecond);
            directions = checkDirections(directions);
        }

        @Override
        public String kind() {
            return "bandwidth";
        }
    }

    /** Bytes vanish without a sign; when it heals, the connections that it held are closed. */
    record Blackhole(String proxy, Set<Direction> directions) implements OnNetwork {
        public Blackhole {
            checkName(proxy);
            directions = checkDirections(directions);
        }

        @Override
        public String kind() {
            return "blackhole";
        }
    }

    /**
     * A connection is closed once so many more bytes have passed in this direction; with none, on the next byte. So a
     * COMMIT is lost before it arrives (upstream) or its acknowledgement is (downstream).
     */
    record LimitData(String proxy, long bytes, Direction direction) implements OnNetwork {
        public LimitData {
            checkName(proxy);
            checkNumber(bytes);
        }

        @Override
        public String kind() {
            return "limit-data";
        }
    }

    /**
     * The next COMMITs are cut at an exact point of the protocol; later ones pass. Short for {@link AtPoint} on every
     * connection. The proxy must be watched, see {@link FaultControl#watch}.
     *
     * @param commits how many
     */
    record CutCommit(String proxy, CutPoint point, Manner manner, int commits) implements OnNetwork {
        public CutCommit {
            checkName(proxy);
            if (commits < 1) {
                throw new IllegalArgumentException("at least one commit must be cut");
            }
        }

        /** The same in general words. */
        Order order() {
            return new Order(new Point.Commit(point), new Whom.All(), manner.action(), Turns.first(commits));
        }

        @Override
        public String kind() {
            return "cut-commit";
        }
    }

    /**
     * Something happens at an exact point of PostgreSQL's protocol. The proxy must be watched, see
     * {@link FaultControl#watch}. Encrypted connections cannot be read, unless the proxy terminates TLS: when all are,
     * the fault is not injected, and when some are, {@link Healing#unseen} says so.
     *
     * @param order where, to whom, what and how often
     */
    record AtPoint(String proxy, Order order) implements OnNetwork {
        public AtPoint {
            checkName(proxy);
        }

        @Override
        public String kind() {
            return "at-point";
        }
    }

    /** The end of a stream arrives late. */
    record SlowClose(String proxy, Duration delay, Set<Direction> directions) implements OnNetwork {
        public SlowClose {
            checkName(proxy);
            checkTime(delay);
            directions = checkDirections(directions);
        }

        @Override
        public String kind() {
            return "slow-close";
        }
    }

    /** Bytes arrive in slices of {@code averageSize}, give or take {@code sizeVariation}, with a pause after each. */
    record Slicer(String proxy, int averageSize, int sizeVariation, Duration pause, Set<Direction> directions)
            implements OnNetwork {
        public Slicer {
            checkName(proxy);
            checkNumber(sizeVariation);
            checkTime(pause);
            if (averageSize <= sizeVariation) {
                throw new IllegalArgumentException("the average size must be greater than its variation");
            }
            directions = checkDirections(directions);
        }

        @Override
        public String kind() {
            return "slicer";
        }
    }

    /** All of a server's processes are killed at once, as in a crash; healing starts it again. */
    record Kill(String server) implements OnServer {
        public Kill {
            checkName(server);
        }

        @Override
        public String kind() {
            return "kill";
        }

        @Override
        public boolean takesServerDown() {
            return true;
        }
    }

    /** All of a server's processes stand still; its connections stay open and silent. Healing lets them go on. */
    record Pause(String server) implements OnServer {
        public Pause {
            checkName(server);
        }

        @Override
        public String kind() {
            return "pause";
        }
    }

    private static void checkName(String name) {
        Names.check(name);
    }

    private static void checkTime(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time cannot be negative: " + time);
        }
    }

    private static void checkNumber(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a number cannot be negative here: " + number);
        }
    }

    private static Set<Direction> checkDirections(Set<Direction> directions) {
        if (directions.isEmpty()) {
            throw new IllegalArgumentException("a fault needs a direction");
        }
        return Set.copyOf(directions);
    }
}
