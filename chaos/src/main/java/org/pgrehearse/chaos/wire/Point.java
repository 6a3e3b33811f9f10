package org.pgrehearse.chaos.wire;

import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.pgrehearse.chaos.proxy.Direction;

/** A point of PostgreSQL's protocol at which a fault acts. */
public sealed interface Point {
    /** What is counted when a {@link Copy} is followed. */
    enum Unit {
        MESSAGES,
        BYTES
    }

    /** Around a COMMIT that the client asks for, or that the server confirms. */
    record Commit(CutPoint cut) implements Point {}

    /**
     * Before or after a statement is forwarded: a simple query, or the execution of a prepared one. The first
     * {@value Messages#HEAD_BYTES_MAX} bytes of its text are searched.
     *
     * @param regex found anywhere in the text, ignoring case
     * @param forwarded whether the server has got it, so that only its answer can be lost
     */
    record Statement(Pattern regex, boolean forwarded) implements Point {
        /** Before statements in which this is found, ignoring case. */
        public static Statement matching(String regex) {
            return new Statement(pattern(regex), false);
        }

        /** Right behind statements in which this is found, ignoring case: the server gets them. */
        public static Statement behind(String regex) {
            return new Statement(pattern(regex), true);
        }

        private static Pattern pattern(String regex) {
            try {
                return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("\"" + regex + "\" is no regular expression: " + e.getDescription());
            }
        }
    }

    /**
     * In the middle of a row: between two of its bytes.
     *
     * @param number which row of an answer, from 1; rows that passed before the fault came are not counted
     */
    record Row(long number) implements Point {
        public Row {
            require(number >= 1, "rows are counted from 1");
        }
    }

    /**
     * In a COPY, once so much of it has passed in this direction; for bytes, within a message. Data of the client goes
     * upstream.
     */
    record Copy(Direction direction, Unit unit, long amount) implements Point {
        public Copy {
            require(amount >= 0, "an amount cannot be negative");
        }
    }

    /**
     * In a transaction that logical replication sends with pgoutput, once so many of its changes have passed and before
     * whatever follows. Transactions with fewer changes pass. When one is streamed in blocks, each block counts for
     * itself.
     */
    record ReplicatedTransaction(int changes) implements Point {
        public ReplicatedTransaction {
            require(changes >= 0, "a number of changes cannot be negative");
        }
    }

    /**
     * Before the first replicated WAL data that starts at this position or later, on each connection, of what is sent
     * while the fault is there.
     *
     * @param position as a number; see {@link #of}
     */
    record Lsn(long position) implements Point {
        private static final int HEX = 16;
        private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

        /** The position that PostgreSQL writes like {@code 16/B374D848}. */
        public static Lsn of(String text) {
            var parts = TEXT.matcher(text);
            require(parts.matches(), "\"" + text + "\" is not a position such as 16/B374D848");
            return new Lsn(Long.parseLong(parts.group(1), HEX) << Integer.SIZE | Long.parseLong(parts.group(2), HEX));
        }
    }

    /** Before a standby or subscriber's report of what it has written, flushed and applied is forwarded. */
    record StandbyStatus() implements Point {}

    /** Where in a message this point is, in bytes from its start; empty when it is not there. */
    default OptionalInt in(Sighting sighting, int messageBytes) {
        return switch (this) {
            case Commit(CutPoint cut) -> commit(cut, sighting, messageBytes);
            case Statement(Pattern regex, boolean forwarded) ->
                at(
                        forwarded ? messageBytes : 0,
                        sighting instanceof Sighting.Asked(String text)
                                && regex.matcher(text).find());
            case Row(long number) ->
                at(messageBytes / 2, sighting instanceof Sighting.Row(long seen) && seen == number);
            case Copy copy ->
                sighting instanceof Sighting.CopyData data && data.direction() == copy.direction()
                        ? copied(copy, data, messageBytes)
                        : OptionalInt.empty();
            case ReplicatedTransaction(int changes) ->
                at(0, sighting instanceof Sighting.Replicated sent && sent.changesBefore() == changes);
            case Lsn(long position) ->
                at(0, sighting instanceof Sighting.Replicated sent && Long.compareUnsigned(sent.lsn(), position) >= 0);
            case StandbyStatus _status -> at(0, sighting instanceof Sighting.StandbyStatus);
        };
    }

    /** Whether a connection can be at this point only once. */
    default boolean isPassedOnce() {
        return this instanceof Lsn;
    }

    /** The point in words, such as {@code before-forwarding of a COMMIT}. */
    default String label() {
        return switch (this) {
            case Commit(CutPoint cut) -> "around a COMMIT, " + cut.label();
            case Statement(Pattern regex, boolean forwarded) ->
                (forwarded ? "after" : "before") + " a statement with \"" + regex.pattern() + "\"";
            case Row(long number) -> "in row " + number;
            case Copy(Direction direction, Unit unit, long amount) ->
                "after " + amount + (unit == Unit.BYTES ? " bytes" : " messages") + " of a COPY " + direction.label();
            case ReplicatedTransaction(int changes) -> "after " + changes + " changes of a replicated transaction";
            case Lsn(long position) -> "at LSN %X/%X".formatted(position >>> Integer.SIZE, position & 0xFFFF_FFFFL);
            case StandbyStatus _status -> "at a standby's status";
        };
    }

    private static OptionalInt commit(CutPoint cut, Sighting sighting, int messageBytes) {
        return switch (cut) {
            case BEFORE_FORWARDING -> at(0, Messages.isCommit(sighting));
            case AFTER_FORWARDING -> at(messageBytes, Messages.isCommit(sighting));
            case ACKNOWLEDGEMENT_WITHHELD -> at(0, sighting instanceof Sighting.Committed);
            case BEFORE_READY -> at(messageBytes, sighting instanceof Sighting.Committed);
            case AFTER_READY -> at(messageBytes, sighting instanceof Sighting.ReadyAfterCommit);
        };
    }

    private static OptionalInt copied(Copy copy, Sighting.CopyData data, int messageBytes) {
        return switch (copy.unit()) {
            case MESSAGES -> at(0, data.messagesBefore() == copy.amount());
            case BYTES -> {
                long ahead = copy.amount() - data.bytesBefore();
                int payload = messageBytes - Messages.HEADER_BYTES;
                yield at((int) (Messages.HEADER_BYTES + Math.min(ahead, payload)), ahead >= 0 && ahead < payload);
            }
        };
    }

    private static OptionalInt at(int offset, boolean there) {
        return there ? OptionalInt.of(offset) : OptionalInt.empty();
    }

    private static void require(boolean sound, String problem) {
        if (!sound) {
            throw new IllegalArgumentException(problem);
        }
    }
}
