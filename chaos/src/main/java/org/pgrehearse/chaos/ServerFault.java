package org.pgrehearse.chaos;

import java.time.Duration;
import org.pgrehearse.chaos.server.LockMode;
import org.pgrehearse.chaos.server.Sessions;
import org.pgrehearse.chaos.server.StopMode;

/**
 * A fault of a server beyond its bare processes: of its sessions, its disk, its replication, its data, its machine.
 * What each of them needs, how it is seen to bite and what its healing means is in docs/faults.md.
 */
public sealed interface ServerFault extends Fault.OnServer {
    /** Stopped by its own means; healing starts it. A smart stop that still waits is made fast then. */
    record Stop(String server, StopMode mode) implements ServerFault {
        public Stop {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "stop";
        }

        @Override
        public boolean takesServerDown() {
            return true;
        }
    }

    /** Stopped and started at once; healing has nothing to undo. A smart stop may never end, so it is refused. */
    record Restart(String server, StopMode mode) implements ServerFault {
        public Restart {
            Names.check(server);
            if (mode == StopMode.SMART) {
                throw new IllegalArgumentException("a restart needs the mode fast or immediate");
            }
        }

        @Override
        public String kind() {
            return "restart";
        }

        @Override
        public boolean takesServerDown() {
            return true;
        }
    }

    /** One backend is killed (SIGKILL), so that the server ends all sessions and recovers from the crash. */
    record KillBackend(String server) implements ServerFault {
        public KillBackend {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "kill-backend";
        }
    }

    /** Sessions that are there now are ended with pg_terminate_backend. */
    record Terminate(String server, Sessions sessions) implements ServerFault {
        public Terminate {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "terminate";
        }
    }

    /**
     * The file system of its data, or of one tablespace, is filled to the last byte; a large one is refused.
     *
     * @param tablespace empty for the data folder
     */
    record FullDisk(String server, String tablespace) implements ServerFault {
        public FullDisk {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "full-disk";
        }

        @Override
        public boolean takesServerDown() {
            return true;
        }
    }

    /** A replication slot is dropped. Permanent. */
    record DropSlot(String server, String slot) implements ServerFault {
        public DropSlot {
            Names.check(server);
            Names.checkText(slot, "a slot's name");
        }

        @Override
        public String kind() {
            return "drop-slot";
        }
    }

    /** A replication slot is made invalid: the server removes WAL that it needs. Permanent. */
    record InvalidateSlot(String server, String slot) implements ServerFault {
        public InvalidateSlot {
            Names.check(server);
            Names.checkText(slot, "a slot's name");
        }

        @Override
        public String kind() {
            return "invalidate-slot";
        }
    }

    /** The WAL that only replication slots still need is deleted behind the server's back. Permanent. */
    record RemoveWal(String server) implements ServerFault {
        public RemoveWal {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "remove-wal";
        }
    }

    /** A lock on a table is held by an open transaction. */
    record HoldLock(String server, String table, LockMode mode) implements ServerFault {
        public HoldLock {
            Names.check(server);
            Names.checkText(table, "a table's name");
        }

        @Override
        public String kind() {
            return "hold-lock";
        }
    }

    /** A transaction that reads one snapshot stays open, and holds the horizon of vacuum. */
    record LongTransaction(String server) implements ServerFault {
        public LongTransaction {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "long-transaction";
        }
    }

    /**
     * A transaction that has written stays open and idle.
     *
     * @param statement what it writes; empty for nothing but a transaction id
     */
    record IdleWriter(String server, String statement) implements ServerFault {
        public IdleWriter {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "idle-writer";
        }
    }

    /**
     * A transaction is prepared and left so; healing rolls it back.
     *
     * @param statement what it writes; empty for nothing but a transaction id
     */
    record PreparedTransaction(String server, String statement) implements ServerFault {
        public PreparedTransaction {
            Names.check(server);
        }

        @Override
        public String kind() {
            return "prepared-transaction";
        }
    }

    /** The schema is changed by one statement; healing executes the other. */
    record ChangeSchema(String server, String statement, String undo) implements ServerFault {
        public ChangeSchema {
            Names.check(server);
            Names.checkText(statement, "a statement");
            Names.checkText(undo, "the statement that undoes it");
        }

        @Override
        public String kind() {
            return "change-schema";
        }
    }

    /**
     * A row stands on the subscriber where one of the publisher's will come: a copy of an existing row whose key, a
     * single integer, is greater than every key there by {@code ahead}.
     */
    record ConflictRow(String server, String table, long ahead) implements ServerFault {
        public ConflictRow {
            Names.check(server);
            Names.checkText(table, "a table's name");
            if (ahead < 1) {
                throw new IllegalArgumentException("a conflicting row needs a key ahead of all others");
            }
        }

        @Override
        public String kind() {
            return "conflict-row";
        }
    }

    /** A statement makes data on the subscriber that replication cannot be applied to; healing executes the other. */
    record ConflictStatement(String server, String statement, String undo) implements ServerFault {
        public ConflictStatement {
            Names.check(server);
            Names.checkText(statement, "a statement");
            Names.checkText(undo, "the statement that undoes it");
        }

        @Override
        public String kind() {
            return "conflict-statement";
        }
    }

    /**
     * A sequence jumps; healing sets it back unless somebody has drawn a number since.
     *
     * @param by how far; below zero is backwards
     */
    record SequenceJump(String server, String sequence, long by) implements ServerFault {
        public SequenceJump {
            Names.check(server);
            Names.checkText(sequence, "a sequence's name");
            if (by == 0) {
                throw new IllegalArgumentException("a sequence that jumps by nothing stays where it is");
            }
        }

        @Override
        public String kind() {
            return "sequence-jump";
        }
    }

    /**
     * The server's clock is wrong by so much, also backwards. It is restarted with libfaketime, and without it to heal;
     * the machine's clock stays right.
     */
    record ClockSkew(String server, Duration offset) implements ServerFault {
        public ClockSkew {
            Names.check(server);
            if (offset.toSeconds() == 0) {
                throw new IllegalArgumentException("a clock that is wrong by less than a second is not seen to be");
            }
        }

        @Override
        public String kind() {
            return "clock-skew";
        }

        @Override
        public boolean takesServerDown() {
            return true;
        }
    }

    /**
     * Processes of ours compute on the server's machine. They end by themselves after a bound, whatever happens to us.
     */
    record CpuPressure(String server, int processes) implements ServerFault {
        /** More would only stop the machine, and us with it. */
        public static final int PROCESSES_MAX = 64;

        public CpuPressure {
            Names.check(server);
            if (processes < 1 || processes > PROCESSES_MAX) {
                throw new IllegalArgumentException("from 1 to " + PROCESSES_MAX + " processes can press");
            }
        }

        @Override
        public String kind() {
            return "cpu-pressure";
        }
    }

    /** A file is written and synced again and again in the file system of the server's data. */
    record IoPressure(String server, long bytes) implements ServerFault {
        /** The file's size at most. */
        public static final long BYTES_MAX = 1L << 30;

        public IoPressure {
            Names.check(server);
            if (bytes < 1 || bytes > BYTES_MAX) {
                throw new IllegalArgumentException("the file needs from 1 to " + BYTES_MAX + " bytes");
            }
        }

        @Override
        public String kind() {
            return "io-pressure";
        }
    }
}
