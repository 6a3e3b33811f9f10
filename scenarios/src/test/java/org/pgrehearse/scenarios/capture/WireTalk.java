package org.pgrehearse.scenarios.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Interceptor;

/** What a client and a server say, written by hand. */
final class WireTalk {
    private final List<Turn> turns = new ArrayList<>();

    /** Some bytes one way. */
    record Turn(boolean client, List<Byte> bytes) {}

    /** A session that was let in after it sent a password. */
    static WireTalk begun() {
        WireTalk talk = new WireTalk();
        talk.clientRaw(ByteBuffer.allocate(20)
                .putInt(20)
                .putInt(196_608)
                .put("user\0app\0\0\0".getBytes(StandardCharsets.UTF_8))
                .array());
        talk.server('R', bytes(0, 0, 0, 3)).client('p', text("hunter2"));
        return talk.server('R', bytes(0, 0, 0, 0))
                .server('S', text("client_encoding", "UTF8"))
                .ready();
    }

    WireTalk clientRaw(byte[] raw) {
        return add(true, raw);
    }

    WireTalk client(char type, byte[]... body) {
        return add(true, message(type, body));
    }

    WireTalk server(char type, byte[]... body) {
        return add(false, message(type, body));
    }

    WireTalk ready() {
        return server('Z', bytes('I'));
    }

    WireTalk query(String sql) {
        return client('Q', text(sql)).server('C', text("OK")).ready();
    }

    WireTalk failure(String state) {
        return server('E', text("SERROR", "C" + state, "Mwrong"), bytes(0));
    }

    /** Parse, Bind with one binary int4 and one text, Execute and Sync. */
    WireTalk extended(String name, String sql, int number, String second) {
        return client('P', text(name, sql), bytes(0, 2, 0, 0, 0, 23, 0, 0, 0, 0))
                .client(
                        'B',
                        text("", name),
                        bytes(0, 2, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4),
                        ByteBuffer.allocate(4).putInt(number).array(),
                        ByteBuffer.allocate(4)
                                .putInt(second.getBytes(StandardCharsets.UTF_8).length)
                                .array(),
                        second.getBytes(StandardCharsets.UTF_8),
                        bytes(0, 0))
                .client('E', text(""), bytes(0, 0, 0, 0))
                .client('S');
    }

    WireTalk done() {
        return server('1').server('2').server('C', text("UPDATE 1")).ready();
    }

    private WireTalk add(boolean client, byte[] raw) {
        List<Byte> all = new ArrayList<>();
        for (byte each : raw) {
            all.add(each);
        }
        turns.add(new Turn(client, all));
        return this;
    }

    List<Turn> turns() {
        return turns;
    }

    /** Says it all to an interceptor; returns what it let pass. */
    static byte[] say(List<Turn> turns, Interceptor to) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (Turn turn : turns) {
            Interceptor.Passage passage = to.pass(
                    turn.client() ? Direction.UPSTREAM : Direction.DOWNSTREAM, ByteBuffer.wrap(raw(turn.bytes())));
            byte[] forward = new byte[passage.forward().remaining()];
            passage.forward().get(forward);
            passed.writeBytes(forward);
        }
        return passed.toByteArray();
    }

    static byte[] raw(List<Byte> bytes) {
        byte[] raw = new byte[bytes.size()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = bytes.get(i);
        }
        return raw;
    }

    static byte[] text(String... texts) {
        return (String.join("\0", texts) + "\0").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] message(char type, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        return ByteBuffer.allocate(5 + body.size())
                .put((byte) type)
                .putInt(4 + body.size())
                .put(body.toByteArray())
                .array();
    }
}
