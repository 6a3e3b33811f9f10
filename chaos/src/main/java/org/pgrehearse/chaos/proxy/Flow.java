package org.pgrehearse.chaos.proxy;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.Interceptor.Passage;

/**
 * One direction of one connection. One thread reads; while nothing holds the flow it also writes, otherwise a second
 * thread does. No thread ever holds the lock while it reads or writes, so a control operation never waits for a peer.
 */
final class Flow {
    static final int BYTES_PER_READ_MAX = 16 * 1024;

    private final Connection connection;
    private final Direction direction;
    private final ProxyTally.Bytes bytes;
    private final LongSupplier nanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Line line = new Line();
    private long chunks;
    private @Nullable Socket to;
    private boolean delivererRuns;
    /** The reading thread writes past the line, so nobody else may write. */
    private boolean writing;

    private boolean over;

    Flow(Connection connection, Direction direction, ProxyTally.Bytes bytes, LongSupplier nanos) {
        this.connection = connection;
        this.direction = direction;
        this.bytes = bytes;
        this.nanos = nanos;
    }

    Direction direction() {
        return direction;
    }

    /** Starts to pass bytes on, on a thread of its own, which is one of these. */
    void start(InputStream from, Socket sink, Thread.Builder threads) {
        lock.lock();
        try {
            to = sink;
        } finally {
            lock.unlock();
        }
        threads.name(direction.label() + " pump").start(() -> pump(from, sink));
    }

    /** Makes these toxics hold the flow and answers those that let it go. Returns at once. */
    List<Grip> refit(Supplier<List<ActiveToxic>> wanted) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            List<Grip> released = new ArrayList<>(line.grips());
            List<Grip> held = new ArrayList<>();
            for (ActiveToxic active : wanted.get()) {
                Grip grip = gripOf(active, now);
                grip.become(active.toxic().behavior(), now);
                held.add(grip);
            }
            released.removeAll(held);
            line.hold(held);
            if (!held.isEmpty()) {
                ensureDeliverer();
            }
            changed.signalAll();
            return released;
        } finally {
            lock.unlock();
        }
    }

    /** Throws away what waits and ends the flow's threads. Returns at once. */
    void stop() {
        lock.lock();
        try {
            over = true;
            bytes.dropped.add(line.dropAll());
            bytes.dropped.add(connection.interceptor().rest(direction).remaining());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Grip gripOf(ActiveToxic active, long now) {
        return line.grips().stream()
                .filter(grip -> grip.tally() == active.tally())
                .findFirst()
                .orElseGet(() -> new Grip(
                        active.tally(),
                        connection.dice(active.toxic()),
                        active.toxic().behavior(),
                        now));
    }

    private void pump(InputStream in, Socket sink) {
        try {
            OutputStream out = sink.getOutputStream();
            byte[] buffer = new byte[BYTES_PER_READ_MAX];
            int length;
            while ((length = in.read(buffer)) >= 0) {
                bytes.received.add(length);
                if (!proceed(out, connection.interceptor().pass(direction, ByteBuffer.wrap(buffer, 0, length)))) {
                    return;
                }
            }
            if (forward(out, connection.interceptor().rest(direction))) {
                end();
            }
        } catch (IOException e) {
            connection.lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.lost(e);
        }
    }

    /** Does what the interceptor decided. Answers false when the connection is over. */
    private boolean proceed(OutputStream out, Passage decided) throws IOException, InterruptedException {
        Passage passage = decided;
        while (true) {
            bytes.received.add(passage.added());
            bytes.dropped.add(passage.dropped());
            if (!forward(out, passage.forward())) {
                return false;
            }
            switch (passage.then()) {
                case CONTINUE -> {
                    return true;
                }
                case RESUME -> passage = connection.interceptor().resume(direction);
                case CLOSE -> {
                    interrupt(Ending.CLOSE, passage.reply());
                    return true;
                }
                case RESET -> {
                    interrupt(Ending.RESET, passage.reply());
                    return true;
                }
            }
        }
    }

    private void interrupt(Ending ending, ByteBuffer reply) {
        if (reply.hasRemaining()) {
            connection.against(direction).sayLast(reply, ending);
        } else {
            sayLast(reply, ending);
        }
    }

    /** Ends the connection once these bytes have gone this way, behind all that waits. Returns at once. */
    private void sayLast(ByteBuffer words, Ending ending) {
        byte[] copy = new byte[words.remaining()];
        words.get(copy);
        lock.lock();
        try {
            if (!over && copy.length > 0) {
                bytes.received.add(copy.length);
                line.add(new Chunk(copy, chunks++, nanos.getAsLong()));
            }
            line.interrupt(ending);
            ensureDeliverer();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean forward(OutputStream out, ByteBuffer some) throws IOException, InterruptedException {
        byte[] array = some.array();
        int start = some.arrayOffset() + some.position();
        int length = some.remaining();
        if (length == 0) {
            return true;
        }
        if (!beginWriting()) {
            return enqueue(Arrays.copyOfRange(array, start, start + length));
        }
        try {
            out.write(array, start, length);
            bytes.passed.add(length);
        } finally {
            endWriting();
        }
        return true;
    }

    private boolean beginWriting() {
        lock.lock();
        try {
            writing = line.isClear();
            return writing;
        } finally {
            lock.unlock();
        }
    }

    private void endWriting() {
        lock.lock();
        try {
            writing = false;
            if (delivererRuns) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean enqueue(byte[] copy) throws InterruptedException {
        lock.lock();
        try {
            while (line.isFull() && !over) {
                changed.await();
            }
            if (over) {
                bytes.dropped.add(copy.length);
                return false;
            }
            line.add(new Chunk(copy, chunks++, nanos.getAsLong()));
            ensureDeliverer();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end() throws IOException {
        lock.lock();
        try {
            line.end(nanos.getAsLong());
            if (!line.isClear()) {
                ensureDeliverer();
                changed.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        finish();
    }

    private void finish() throws IOException {
        sink().shutdownOutput();
        connection.finished();
    }

    /** Where bytes go; nothing can wait to be passed before that is known. */
    private Socket sink() {
        lock.lock();
        try {
            return requireNonNull(to);
        } finally {
            lock.unlock();
        }
    }

    private void ensureDeliverer() {
        if (!delivererRuns && !over) {
            delivererRuns = true;
            Thread.ofVirtual().name(direction.label() + " deliverer").start(this::deliver);
        }
    }

    private void deliver() {
        try {
            boolean more = true;
            while (more) {
                more = perform(awaitMove());
            }
        } catch (IOException e) {
            connection.lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.lost(e);
        }
    }

    /** The next thing to do; waiting for forever means that the connection is over. */
    private Move awaitMove() throws InterruptedException {
        lock.lock();
        try {
            while (!over) {
                if (writing) {
                    changed.await();
                    continue;
                }
                long now = nanos.getAsLong();
                Move move = line.next(now);
                if (!(move instanceof Move.Wait(long until))) {
                    return move;
                }
                if (until == Move.Wait.FOREVER) {
                    changed.await();
                } else {
                    changed.await(until - now, TimeUnit.NANOSECONDS);
                }
            }
            return new Move.Wait(Move.Wait.FOREVER);
        } finally {
            lock.unlock();
        }
    }

    private boolean perform(Move move) throws IOException {
        return switch (move) {
            case Move.Wait _over -> false;
            case Move.Pass pass -> pass(pass);
            case Move.Drop(Grip because) -> drop(because);
            case Move.Sever(Grip because, Ending ending) -> sever(because, ending);
            case Move.Interrupt(Ending ending) -> {
                connection.interrupt(ending);
                yield false;
            }
            case Move.Finish _finish -> {
                finish();
                yield false;
            }
        };
    }

    private boolean pass(Move.Pass pass) throws IOException {
        Chunk head;
        lock.lock();
        try {
            if (over) {
                return false;
            }
            head = line.first();
        } finally {
            lock.unlock();
        }
        sink().getOutputStream().write(head.bytes(), head.offset(), pass.length());
        lock.lock();
        try {
            if (over) {
                return false;
            }
            line.passed(pass, nanos.getAsLong());
            bytes.passed.add(pass.length());
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean drop(Grip because) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            int dropped = line.drop();
            bytes.dropped.add(dropped);
            because.tally().bytesDropped.add(dropped);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean sever(Grip because, Ending ending) {
        int waiting;
        lock.lock();
        try {
            waiting = line.bytesWaiting();
        } finally {
            lock.unlock();
        }
        connection.sever(ending, because.tally(), waiting);
        return false;
    }
}
