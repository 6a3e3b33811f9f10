package org.pgrehearse.chaos.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.Interceptor.Passage;
import org.pgrehearse.chaos.proxy.Interceptor.Then;
import org.pgrehearse.chaos.wire.Framing.Taken;

/** What goes on in one direction, piece by piece. For one thread at a time. */
final class Output {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer only = NOTHING;
    private @Nullable ByteArrayOutputStream several;
    private int dropped;
    private int added;

    void add(Taken taken) {
        dropped += taken.dropped();
        added += taken.added();
        append(taken.forward());
    }

    void add(byte[] own) {
        added += own.length;
        append(ByteBuffer.wrap(own));
    }

    void drop(int bytes) {
        dropped += bytes;
    }

    void finish(Framing framing, ByteBuffer bytes) {
        ByteBuffer end = framing.finish(bytes);
        drop(bytes.remaining() - end.remaining());
        append(end);
    }

    Passage passage(Then then, ByteBuffer reply) {
        ByteBuffer forward = several == null ? only : ByteBuffer.wrap(several.toByteArray());
        return new Passage(forward, dropped, added, then, reply);
    }

    private void append(ByteBuffer piece) {
        if (!piece.hasRemaining()) {
            return;
        }
        if (!only.hasRemaining() && several == null) {
            only = piece;
            return;
        }
        if (several == null) {
            several = new ByteArrayOutputStream();
            several.writeBytes(bytes(only));
        }
        several.writeBytes(bytes(piece));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
