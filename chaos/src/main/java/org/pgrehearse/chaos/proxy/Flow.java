package org.pgrehearse.chaos.proxy;

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
import org.pgrehearse.chaos.proxy.Interceptor.Passage;

/**
 * One direction of one connection. One thread reads; while nothing holds the flow it also writes, otherwise a second
 * thread does. No thread ever holds the lock while it reads or writes, so a control operation never waits for a peer.
 */
final class Flow {
    static final int BYTES_PER_READ_MAX = 16 * 1024;

    private final Connection connection;
    private final Direction direction;
    private final Socket from;
    private final Socket to;
    private final ProxyTally.Bytes bytes;
    private final LongSupplier nanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Line line = new Line();
    private long chunks;
    private boolean delivererRuns;
    private boolean over;

    Flow(
            Connection connection,
            Direction direction,
            Socket from,
            Socket to,
            ProxyTally.Bytes bytes,
            LongSupplier nanos) {
        this.connection = connection;
        this.direction = direction;
        this.from = from;
        this.to = to;
        this.bytes = bytes;
        this.nanos = nanos;
    }

    Direction direction() {
        return direction;
    }

    /** Starts to pass bytes on, on a thread of its own. */
    void start() {
        Thread.ofVirtual().name(direction.label() + " pump").start(this::pump);
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

    private void pump() {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BYTES_PER_READ_MAX];
            int length;
            while ((length = in.read(buffer)) >= 0) {
                bytes.received.add(length);
                Passage passage = connection.interceptor().pass(direction, ByteBuffer.wrap(buffer, 0, length));
                bytes.dropped.add(passage.dropped());
                if (!forward(out, passage.forward())) {
                    return;
                }
                switch (passage.then()) {
                    case CONTINUE -> {}
                    case CLOSE -> interrupt(Ending.CLOSE);
                    case RESET -> interrupt(Ending.RESET);
                }
            }
            end();
        } catch (IOException e) {
            connection.lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.lost(e);
        }
    }

    private boolean forward(OutputStream out, ByteBuffer some) throws IOException, InterruptedException {
        byte[] array = some.array();
        int start = some.arrayOffset() + some.position();
        int length = some.remaining();
        if (length == 0) {
            return true;
        }
        if (!isClear()) {
            return enqueue(Arrays.copyOfRange(array, start, start + length));
        }
        out.write(array, start, length);
        bytes.passed.add(length);
        return true;
    }

    private void interrupt(Ending ending) {
        lock.lock();
        try {
            line.interrupt(ending);
            ensureDeliverer();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClear() {
        lock.lock();
        try {
            return line.isClear();
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
        to.shutdownOutput();
        connection.finished();
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
        to.getOutputStream().write(head.bytes(), head.offset(), pass.length());
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
