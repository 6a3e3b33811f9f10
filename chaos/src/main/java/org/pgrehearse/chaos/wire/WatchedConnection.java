package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Interceptor;
import org.pgrehearse.chaos.wire.Framing.Step;
import org.pgrehearse.chaos.wire.Framing.Taken;

/** Follows the protocol of one connection and does at its points what the watch wants done. */
final class WatchedConnection implements Interceptor {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String LAST_WORDS = "terminating connection due to administrator command";

    private final WireWatch watch;
    private final Link link;
    private final Identity identity;
    private final Follower follower;
    private final Failures failures;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Half upstream = new Half(new FromClient());
    private final Half downstream = new Half(new FromServer());
    private final Set<Ambush> passed = new HashSet<>();
    private @Nullable Ambush silencedBy;
    private boolean silent;
    private boolean lastWordsWait;
    private boolean over;

    WatchedConnection(WireWatch watch, Link link) {
        this.watch = watch;
        this.link = link;
        this.identity = new Identity(link);
        this.follower = new Follower(identity);
        this.failures = new Failures(link.number());
    }

    @Override
    public Passage pass(Direction direction, ByteBuffer bytes) {
        lock.lock();
        try {
            return advance(direction, bytes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Passage resume(Direction direction) throws InterruptedException {
        lock.lock();
        try {
            Half half = half(direction);
            Ambush because = half.delayedBy;
            long left = half.delayedUntilNanos - System.nanoTime();
            while (because != null && !because.isOver() && !over && !silent && left > 0) {
                left = changed.awaitNanos(left);
            }
            half.delayedBy = null;
            half.framing.goOn();
            return advance(direction, NOTHING);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ByteBuffer rest(Direction direction) {
        lock.lock();
        try {
            return half(direction).framing.rest();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void over() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        watch.forget(this);
    }

    /** Whether its messages can be read. */
    Sight sight() {
        lock.lock();
        try {
            return follower.sight();
        } finally {
            lock.unlock();
        }
    }

    /** Ends what this one brought about and what would last. */
    void release(Ambush ended) {
        boolean cut;
        lock.lock();
        try {
            cut = silencedBy == ended;
            passed.remove(ended);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (cut) {
            link.cut().run();
        }
    }

    private Half half(Direction direction) {
        return switch (direction) {
            case UPSTREAM -> upstream;
            case DOWNSTREAM -> downstream;
        };
    }

    private Passage advance(Direction direction, ByteBuffer bytes) {
        if (lastWordsWait && direction == Direction.DOWNSTREAM) {
            return lastWords(bytes);
        }
        if (silent) {
            return new Passage(
                    NOTHING, bytes.remaining() + half(direction).framing.rest().remaining(), Then.CONTINUE);
        }
        if (direction == Direction.DOWNSTREAM && follower.isEncryptionAsked() && bytes.hasRemaining()) {
            answerToEncryption(bytes.get(bytes.position()));
            return Passage.all(bytes);
        }
        Half half = half(direction);
        Output output = new Output();
        Taken taken = half.framing.take(bytes, half.reader);
        output.add(taken);
        while (taken.more() || taken.strike() != null) {
            Ambush ambush = taken.strike();
            if (ambush != null) {
                Optional<Passage> end = strike(half, ambush, output);
                if (end.isPresent()) {
                    return end.orElseThrow();
                }
            }
            taken = half.framing.take(NOTHING, half.reader);
            output.add(taken);
        }
        return output.passage(Then.CONTINUE, NOTHING);
    }

    /** Acts. Answers how the passage ends; empty when the direction goes on at once. */
    private Optional<Passage> strike(Half half, Ambush ambush, Output output) {
        Framing framing = half.framing;
        return switch (ambush.order().action()) {
            case Action.Close _close -> Optional.of(end(framing, ambush, output, Then.CLOSE));
            case Action.Reset _reset -> Optional.of(end(framing, ambush, output, Then.RESET));
            case Action.Blackhole _blackhole -> {
                silencedBy = ambush;
                yield Optional.of(end(framing, ambush, output, Then.CONTINUE));
            }
            case Action.Delay(var time) -> {
                ambush.bit();
                half.delayedBy = ambush;
                half.delayedUntilNanos = System.nanoTime() + time.toNanos();
                yield Optional.of(output.passage(Then.RESUME, NOTHING));
            }
            case Action.Fail(String sqlState) -> {
                framing.swallow();
                output.add(failures.replacement(ambush, sqlState));
                yield Optional.empty();
            }
            case Action.Drop _drop -> {
                ambush.bit();
                framing.swallow();
                yield Optional.empty();
            }
            case Action.Terminate _terminate -> Optional.of(terminate(half, ambush, output));
        };
    }

    private Passage end(Framing framing, Ambush ambush, Output output, Then then) {
        ambush.bit();
        silent = true;
        changed.signalAll();
        output.drop(framing.rest().remaining());
        return output.passage(then, NOTHING);
    }

    private Passage terminate(Half half, Ambush ambush, Output output) {
        byte[] words = Messages.problem("FATAL", "57P01", LAST_WORDS);
        if (half == downstream) {
            output.add(words);
            return end(half.framing, ambush, output, Then.CLOSE);
        }
        if (!downstream.framing.isBetweenMessages()) {
            silencedBy = ambush; // in case the rest of the message never comes
            lastWordsWait = true;
            return end(half.framing, ambush, output, Then.CONTINUE);
        }
        Passage passage = end(half.framing, ambush, output, Then.CLOSE);
        return new Passage(passage.forward(), passage.dropped(), passage.added(), Then.CLOSE, ByteBuffer.wrap(words));
    }

    /** Lets the client's message end, then says the last words. */
    private Passage lastWords(ByteBuffer bytes) {
        Output output = new Output();
        output.finish(downstream.framing, bytes);
        if (!downstream.framing.isBetweenMessages()) {
            return output.passage(Then.CONTINUE, NOTHING);
        }
        lastWordsWait = false;
        output.add(Messages.problem("FATAL", "57P01", LAST_WORDS));
        return output.passage(Then.CLOSE, NOTHING);
    }

    private void answerToEncryption(byte answer) {
        follower.encryptionAnswered(answer);
        if (follower.sight() == Sight.BLIND) {
            blind();
        }
    }

    /** Nobody can read this connection. */
    private void blind() {
        upstream.framing.giveUp();
        downstream.framing.giveUp();
        watch.blind();
    }

    private Step step(Sighting sighting, int messageBytes) {
        if (sighting instanceof Sighting.Nothing) {
            return new Step.Next();
        }
        for (Ambush ambush : watch.standing()) {
            Order order = ambush.order();
            OptionalInt offset = order.point().in(sighting, messageBytes);
            if (offset.isPresent() && identity.isMeant(order.whom()) && isNew(ambush) && ambush.takesTurn()) {
                return new Step.Strike(
                        order.action().needsWholeMessages() ? whole(offset, messageBytes) : offset.getAsInt(), ambush);
            }
        }
        return new Step.Next();
    }

    /** Whether this connection is at the point for the first time, if that is what counts. */
    private boolean isNew(Ambush ambush) {
        return !ambush.order().point().isPassedOnce() || passed.add(ambush);
    }

    /** The start of the message, unless the point is at its end. */
    private static int whole(OptionalInt offset, int messageBytes) {
        return offset.getAsInt() == messageBytes ? messageBytes : 0;
    }

    private final class FromClient implements Framing.Reader {
        @Override
        public boolean isStartingUp() {
            return follower.sight() == Sight.STARTING;
        }

        @Override
        public int bytesOfInterest(byte type) {
            return switch (type) {
                case 'Q', 'P', 'B', 'E', 'C' -> Messages.HEAD_BYTES_MAX;
                case 'd', 'c' -> 1;
                default -> UNINTERESTING;
            };
        }

        @Override
        public Step read(byte type, ByteBuffer head, int messageBytes) {
            if (isStartingUp()) {
                if (follower.startUp(head)) {
                    return new Step.Next();
                }
                if (follower.sight() == Sight.BLIND) {
                    blind();
                }
                return new Step.Opaque();
            }
            failures.asked(type);
            return step(follower.asked(type, head, messageBytes), messageBytes);
        }

        @Override
        public void lost() {
            follower.lost();
            blind();
        }
    }

    private final class FromServer implements Framing.Reader {
        @Override
        public boolean isStartingUp() {
            return false;
        }

        @Override
        public int bytesOfInterest(byte type) {
            return switch (type) {
                case 'C', 'E', 'S' -> Messages.HEAD_BYTES_MAX;
                case 'K' -> Integer.BYTES;
                case 'Z', 'G', 'H', 'W', 'c' -> 0;
                case 'd' -> Follower.BYTES_OF_INTEREST;
                case 'D' -> watch.countsRows() ? 0 : UNINTERESTING;
                default -> UNINTERESTING;
            };
        }

        @Override
        public Step read(byte type, ByteBuffer head, int messageBytes) {
            if (type == 'E') {
                Optional<byte[]> told = failures.told(head.duplicate());
                if (told.isPresent()) {
                    return new Step.Replace(ByteBuffer.wrap(told.orElseThrow()));
                }
            }
            return step(follower.answered(type, head, messageBytes), messageBytes);
        }

        @Override
        public void lost() {
            follower.lost();
            blind();
        }
    }

    /** One direction. */
    private static final class Half {
        private final Framing framing = new Framing();
        private final Framing.Reader reader;
        private @Nullable Ambush delayedBy;
        private long delayedUntilNanos;

        Half(Framing.Reader reader) {
            this.reader = reader;
        }
    }
}
