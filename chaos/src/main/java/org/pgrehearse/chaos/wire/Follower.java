package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import org.pgrehearse.chaos.proxy.Direction;

/** The state of one connection's protocol, as its messages tell it. Guarded by the connection's lock. */
final class Follower {
    private static final int PROTOCOL_MAJOR = 3;
    private static final int CANCEL_REQUEST = 80_877_102;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    /** Behind the type of the message, where its WAL starts and ends, and when it was sent. */
    private static final int CHANGE_OFFSET = 1 + 3 * Long.BYTES;

    /** How much of a message of replication is to be read. */
    static final int BYTES_OF_INTEREST = CHANGE_OFFSET + 1;

    private static final byte XLOG_DATA = 'w';
    private static final byte STANDBY_STATUS = 'r';
    private static final String COMMIT_TAG = "COMMIT";
    private static final Sighting NOTHING = new Sighting.Nothing();

    private final Identity identity;
    private final Statements statements = new Statements();
    private final ReplicatedChanges replicated = new ReplicatedChanges();
    private Sight sight = Sight.STARTING;
    private boolean encryptionAsked;
    private boolean afterCommit;
    private boolean pgoutput;
    private Copying copying = Copying.NOTHING;
    private long copyMessages;
    private long copyBytes;
    private long rows;

    /** Who sends copied data. */
    private enum Copying {
        NOTHING,
        CLIENT,
        SERVER,
        /** A stream of replication. */
        BOTH
    }

    Follower(Identity identity) {
        this.identity = identity;
    }

    Sight sight() {
        return sight;
    }

    /** Whether the server's next byte says if the connection becomes encrypted. */
    boolean isEncryptionAsked() {
        return encryptionAsked;
    }

    /** Takes the server's answer, a bare byte. */
    void encryptionAnswered(byte answer) {
        encryptionAsked = false;
        if (answer != 'N') {
            sight = Sight.BLIND;
        }
    }

    /** The bytes do not make sense. */
    void lost() {
        sight = Sight.BLIND;
    }

    /** Reads a client's first messages, which have no type. Answers whether messages of the protocol follow. */
    boolean startUp(ByteBuffer body) {
        int code = body.remaining() < Integer.BYTES ? 0 : body.getInt();
        encryptionAsked = code == SSL_REQUEST || code == GSS_REQUEST;
        if (code >>> Short.SIZE == PROTOCOL_MAJOR) {
            sight = Sight.FOLLOWED;
            while (body.hasRemaining() && body.get(body.position()) != 0) {
                identity.learn(Messages.text(body), Messages.text(body));
            }
        } else if (!encryptionAsked) {
            sight = code == CANCEL_REQUEST ? Sight.CANCEL : Sight.BLIND;
        }
        return encryptionAsked || sight == Sight.FOLLOWED;
    }

    /** Reads a message of the client. */
    Sighting asked(byte type, ByteBuffer body, int messageBytes) {
        return switch (type) {
            case 'Q' -> {
                String text = Messages.text(body);
                noteReplication(text);
                yield new Sighting.Asked(text);
            }
            case 'P' -> {
                statements.prepared(body);
                yield NOTHING;
            }
            case 'B' -> {
                statements.bound(body);
                yield NOTHING;
            }
            case 'C' -> {
                statements.closed(body);
                yield NOTHING;
            }
            case 'E' -> {
                Optional<String> text = statements.executed(body);
                yield text.isPresent() ? new Sighting.Asked(text.orElseThrow()) : NOTHING;
            }
            case 'd', 'c' -> {
                if (copying == Copying.CLIENT) {
                    yield copied(Direction.UPSTREAM, messageBytes);
                }
                boolean status = copying == Copying.BOTH && body.hasRemaining() && body.get() == STANDBY_STATUS;
                yield status ? new Sighting.StandbyStatus() : NOTHING;
            }
            default -> NOTHING;
        };
    }

    /** Reads a message of the server. */
    Sighting answered(byte type, ByteBuffer body, int messageBytes) {
        return switch (type) {
            case 'C' -> {
                answerEnds();
                boolean commit = Messages.text(body).equals(COMMIT_TAG);
                afterCommit |= commit;
                yield commit ? new Sighting.Committed() : NOTHING;
            }
            case 'Z' -> {
                answerEnds();
                boolean committed = afterCommit;
                afterCommit = false;
                yield committed ? new Sighting.ReadyAfterCommit() : NOTHING;
            }
            case 'E' -> {
                answerEnds();
                yield NOTHING;
            }
            case 'S' -> {
                identity.learn(Messages.text(body), Messages.text(body));
                yield NOTHING;
            }
            case 'K' -> {
                identity.learnPid(body.remaining() < Integer.BYTES ? 0 : body.getInt());
                yield NOTHING;
            }
            case 'G' -> copyBegins(Copying.CLIENT);
            case 'H' -> copyBegins(Copying.SERVER);
            case 'W' -> copyBegins(Copying.BOTH);
            case 'D' -> new Sighting.Row(++rows);
            case 'd', 'c' ->
                switch (copying) {
                    case SERVER -> copied(Direction.DOWNSTREAM, messageBytes);
                    case BOTH -> replicated(body);
                    case NOTHING, CLIENT -> NOTHING;
                };
            default -> NOTHING;
        };
    }

    private void answerEnds() {
        rows = 0;
        copying = Copying.NOTHING;
    }

    private Sighting copyBegins(Copying who) {
        copying = who;
        copyMessages = 0;
        copyBytes = 0;
        return NOTHING;
    }

    private Sighting copied(Direction direction, int messageBytes) {
        Sighting data = new Sighting.CopyData(direction, copyMessages, copyBytes);
        copyMessages++;
        copyBytes += messageBytes - Messages.HEADER_BYTES;
        return data;
    }

    private Sighting replicated(ByteBuffer body) {
        if (body.remaining() < CHANGE_OFFSET || body.get(0) != XLOG_DATA) {
            return NOTHING;
        }
        boolean readable = pgoutput && body.remaining() > CHANGE_OFFSET;
        int changes = readable ? replicated.before(body.get(CHANGE_OFFSET)) : ReplicatedChanges.NONE;
        return new Sighting.Replicated(body.getLong(1), changes);
    }

    private void noteReplication(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.startsWith("START_REPLICATION")) {
            pgoutput = upper.contains(" LOGICAL ") && upper.contains("PROTO_VERSION");
        }
    }
}
