package org.pgrehearse.scenarios.capture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Interceptor;
import org.pgrehearse.scenarios.capture.WireStatement.Prepared;
import org.pgrehearse.scenarios.capture.WireStatement.Value;

/**
 * What one observed connection says, as recorded statements. All bytes go on as they came; when they cannot be read any
 * more it says so once. Passwords are never looked at. Safe for use by many threads, for each direction has its own.
 */
final class WireSession implements Interceptor {
    private static final int PROTOCOL_MAJOR = 3;
    private static final int CANCEL = 80_877_102;
    private static final int SSL = 80_877_103;
    private static final int GSS = 80_877_104;
    private static final Set<String> UTF8 = Set.of("UTF8", "UNICODE", "UTF-8");

    private final WireDialog dialog;
    private final WireDialog.Sink sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final WireMessages fromClient;
    private final WireMessages fromServer;
    private final FromClient client = new FromClient();
    private final FromServer server = new FromServer();
    private Sight sight = Sight.STARTING;
    private boolean encryptionAsked;

    WireSession(String name, WireBudget budget, LongSupplier micros, WireDialog.Sink sink) {
        this.dialog = new WireDialog(name, budget, micros, sink);
        this.sink = sink;
        this.fromClient = new WireMessages(budget);
        this.fromServer = new WireMessages(budget);
    }

    /** What can be read of it. */
    private enum Sight {
        STARTING,
        FOLLOWED,
        BLIND
    }

    @Override
    public Passage pass(Direction direction, ByteBuffer bytes) {
        lock.lock();
        try {
            if (sight != Sight.BLIND) {
                observe(direction, bytes.duplicate());
            }
        } catch (WireDamage | BufferUnderflowException e) {
            blind("damaged", "bytes that are not PostgreSQL's protocol, and all after them: " + e.getMessage());
        } finally {
            lock.unlock();
        }
        return Passage.all(bytes);
    }

    private void observe(Direction direction, ByteBuffer bytes) throws WireDamage {
        switch (direction) {
            case UPSTREAM -> fromClient.take(bytes, client);
            case DOWNSTREAM -> {
                if (encryptionAsked && bytes.hasRemaining()) {
                    encryptionAsked = false;
                    if (bytes.get() != 'N') {
                        blind("encrypted", "a session that nobody between can read; let it use sslmode=disable");
                        return;
                    }
                }
                fromServer.take(bytes, server);
            }
        }
    }

    private void blind(String reason, String why) {
        if (sight != Sight.BLIND) {
            sink.leftOut(reason, dialog.place(), why);
            over();
        }
    }

    @Override
    public void over() {
        lock.lock();
        try {
            sight = Sight.BLIND;
            dialog.end();
            fromClient.release();
            fromServer.release();
        } finally {
            lock.unlock();
        }
    }

    private static String text(ByteBuffer body) throws WireDamage {
        int end = body.position();
        while (end < body.limit() && body.get(end) != 0) {
            end++;
        }
        if (end == body.limit()) {
            throw new WireDamage("a text without an end");
        }
        byte[] bytes = new byte[end - body.position()];
        body.get(bytes).get();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A text that must be all that is left, as servers demand it too. */
    private static String last(ByteBuffer body) throws WireDamage {
        String text = text(body);
        requireEnd(body);
        return text;
    }

    private static void requireEnd(ByteBuffer body) throws WireDamage {
        if (body.hasRemaining()) {
            throw new WireDamage("a message that is longer than what it says");
        }
    }

    private static int[] numbers(ByteBuffer body, int bytesEach) throws WireDamage {
        int count = Short.toUnsignedInt(body.getShort());
        if (body.remaining() < count * bytesEach) {
            throw new WireDamage("a list that is shorter than it says");
        }
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = bytesEach == Short.BYTES ? body.getShort() : body.getInt();
        }
        return numbers;
    }

    /** What the client says. */
    private final class FromClient implements WireMessages.Reader {
        @Override
        public boolean isStartingUp() {
            return sight == Sight.STARTING;
        }

        @Override
        public boolean wants(byte type) {
            return "QPBDECd".indexOf(type) >= 0;
        }

        @Override
        public void read(byte type, ByteBuffer body) throws WireDamage {
            if (sight == Sight.STARTING) {
                startUp(body);
                return;
            }
            switch (type) {
                case 'Q' -> dialog.query(last(body));
                case 'P' -> parse(body);
                case 'B' -> bind(body);
                case 'D' -> dialog.describe(body.get() == 'S', last(body));
                case 'E' -> execute(body);
                case 'C' -> dialog.close(body.get() == 'S', last(body));
                case 'S' -> dialog.sync();
                case 'F' -> dialog.queryLeftOut("function-call");
                case 'd' -> dialog.running().ifPresent(run -> run.copied(body));
                case 'c' -> dialog.running().ifPresent(run -> run.copied(ByteBuffer.allocate(0)));
                default -> {}
            }
        }

        @Override
        public void leftOut(byte type, String reason) throws WireDamage {
            switch (type) {
                case 'Q' -> dialog.queryLeftOut(reason);
                case 'P' -> dialog.parseLeftOut();
                case 'B' -> dialog.bindLeftOut();
                case 'd' -> dialog.running().ifPresent(run -> run.leaveOut("copy-too-long"));
                default -> throw new WireDamage("a message '" + (char) type + "': " + reason);
            }
        }
    }

    private void startUp(ByteBuffer body) throws WireDamage {
        int code = body.getInt();
        switch (code) {
            case SSL, GSS -> encryptionAsked = true;
            case CANCEL -> sight = Sight.BLIND; // who is canceled is told by the failure of the statement
            default -> {
                if (code >> Short.SIZE != PROTOCOL_MAJOR) {
                    throw new WireDamage("protocol " + (code >> Short.SIZE));
                }
                sight = Sight.FOLLOWED;
            }
        }
    }

    private void parse(ByteBuffer body) throws WireDamage {
        String statement = text(body);
        Prepared made = new Prepared(text(body), numbers(body, Integer.BYTES));
        requireEnd(body);
        dialog.parse(statement, made);
    }

    private void execute(ByteBuffer body) throws WireDamage {
        String portal = text(body);
        body.getInt();
        requireEnd(body);
        dialog.execute(portal);
    }

    private void bind(ByteBuffer body) throws WireDamage {
        int size = body.remaining();
        String portal = text(body);
        String statement = text(body);
        int[] formats = numbers(body, Short.BYTES);
        int count = Short.toUnsignedInt(body.getShort());
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = body.getInt();
            if (length > body.remaining()) {
                throw new WireDamage("a parameter of " + length + " bytes");
            }
            byte @Nullable [] value = length < 0 ? null : new byte[length];
            if (value != null) {
                body.get(value);
            }
            values.add(new Value(WireStatement.format(formats, i) == 1, value));
        }
        int[] resultFormats = numbers(body, Short.BYTES);
        requireEnd(body);
        dialog.bind(portal, statement, values, resultFormats, size);
    }

    /** What the server says. */
    private final class FromServer implements WireMessages.Reader {
        @Override
        public boolean isStartingUp() {
            return false;
        }

        @Override
        public boolean wants(byte type) {
            return "TtES".indexOf(type) >= 0 || (type == 'D' && dialog.wantsRows());
        }

        @Override
        public void read(byte type, ByteBuffer body) throws WireDamage {
            switch (type) {
                case 'T' -> dialog.columns(types(body));
                case 't' -> dialog.parameters(numbers(body, Integer.BYTES));
                case 'D' -> {
                    if (body.hasRemaining()) {
                        dialog.row(body);
                    }
                }
                case 'E' -> dialog.failed(sqlState(body));
                case 'S' -> setting(text(body), text(body));
                case 'W' -> blind("replication", "a replication connection");
                default -> dialog.answered((char) type);
            }
        }

        @Override
        public void leftOut(byte type, String reason) throws WireDamage {
            if (type == 'D') {
                dialog.running().ifPresent(WireStatement::forgetResults);
            } else {
                throw new WireDamage("a message '" + (char) type + "': " + reason);
            }
        }
    }

    private void setting(String name, String value) {
        if (name.equals("client_encoding")) {
            dialog.readAscii(!UTF8.contains(value.toUpperCase(Locale.ROOT)));
        }
    }

    private static int[] types(ByteBuffer body) throws WireDamage {
        int count = Short.toUnsignedInt(body.getShort());
        int[] types = new int[count];
        for (int i = 0; i < count; i++) {
            text(body);
            body.getInt();
            body.getShort();
            types[i] = body.getInt();
            body.getShort();
            body.getInt();
            body.getShort();
        }
        return types;
    }

    private static String sqlState(ByteBuffer body) throws WireDamage {
        for (byte field = body.get(); field != 0; field = body.get()) {
            String value = text(body);
            if (field == 'C') {
                return value;
            }
        }
        return "XX000";
    }
}
