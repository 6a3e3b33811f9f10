package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Interceptor;

/** Follows the protocol of one connection and cuts it where the watch wants it cut. */
final class WatchedConnection implements Interceptor {
    private static final int PROTOCOL_MAJOR = 3;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final byte COMMAND_COMPLETE = 'C';

    private final CommitWatch watch;
    private final Runnable cut;
    private final ReentrantLock lock = new ReentrantLock();
    private final Framing upstream = new Framing();
    private final Framing downstream = new Framing();
    private final Commits commits = new Commits();
    private boolean startingUp = true;
    private boolean encryptionAsked;
    private boolean silent;
    private Manner manner = Manner.CLOSE;

    WatchedConnection(CommitWatch watch, Runnable cut) {
        this.watch = watch;
        this.cut = cut;
    }

    @Override
    public Passage pass(Direction direction, ByteBuffer bytes) {
        lock.lock();
        try {
            if (silent) {
                return new Passage(ByteBuffer.allocate(0), bytes.remaining(), Then.CONTINUE);
            }
            return switch (direction) {
                case UPSTREAM -> passage(upstream.take(bytes, new FromClient()));
                case DOWNSTREAM -> {
                    if (encryptionAsked) {
                        answerToEncryption(bytes.get(bytes.position()));
                        yield Passage.all(bytes);
                    }
                    yield passage(downstream.take(bytes, new FromServer()));
                }
            };
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connection if the watch had silenced it. */
    void release() {
        boolean wasSilent;
        lock.lock();
        try {
            wasSilent = silent;
        } finally {
            lock.unlock();
        }
        if (wasSilent) {
            cut.run();
        }
    }

    private Passage passage(Framing.Cut taken) {
        if (!taken.isCut()) {
            return Passage.all(taken.forward());
        }
        Then then = switch (manner) {
            case CLOSE -> Then.CLOSE;
            case RESET -> Then.RESET;
            case SILENCE -> Then.CONTINUE;
        };
        silent = true;
        return new Passage(taken.forward(), taken.rest(), then);
    }

    private Framing.Step step(CutPoint before, CutPoint after) {
        Optional<Manner> cutBefore = watch.cuts(before);
        if (cutBefore.isPresent()) {
            manner = cutBefore.get();
            return Framing.Step.CUT_BEFORE;
        }
        Optional<Manner> cutAfter = watch.cuts(after);
        if (cutAfter.isPresent()) {
            manner = cutAfter.get();
            return Framing.Step.CUT_AFTER;
        }
        return Framing.Step.NEXT;
    }

    /** The server answers with one bare byte; if it agrees, the rest is not for us to read. */
    private void answerToEncryption(byte answer) {
        encryptionAsked = false;
        if (answer != 'N') {
            upstream.giveUp();
            downstream.giveUp();
        }
    }

    private final class FromClient implements Framing.Reader {
        @Override
        public boolean isStartingUp() {
            return startingUp;
        }

        @Override
        public boolean isOfInterest(byte type) {
            return "QPBEC".indexOf(type) >= 0;
        }

        @Override
        public Framing.Step read(byte type, ByteBuffer body) {
            if (startingUp) {
                return startUp(body);
            }
            if (!commits.isAsked(type, body)) {
                return Framing.Step.NEXT;
            }
            return step(CutPoint.BEFORE_FORWARDING, CutPoint.AFTER_FORWARDING);
        }

        private Framing.Step startUp(ByteBuffer body) {
            int code = body.remaining() < Integer.BYTES ? 0 : body.getInt();
            encryptionAsked = code == SSL_REQUEST || code == GSS_REQUEST;
            startingUp = encryptionAsked;
            boolean understood = encryptionAsked || code >>> Short.SIZE == PROTOCOL_MAJOR;
            return understood ? Framing.Step.NEXT : Framing.Step.OPAQUE;
        }
    }

    private final class FromServer implements Framing.Reader {
        @Override
        public boolean isStartingUp() {
            return false;
        }

        @Override
        public boolean isOfInterest(byte type) {
            return type == COMMAND_COMPLETE;
        }

        @Override
        public Framing.Step read(byte type, ByteBuffer body) {
            if (!Commits.isConfirmed(body)) {
                return Framing.Step.NEXT;
            }
            return step(CutPoint.ACKNOWLEDGEMENT_WITHHELD, CutPoint.BEFORE_READY);
        }
    }
}
