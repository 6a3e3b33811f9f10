package org.pgrehearse.scenarios.fault;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.ServerFault;
import org.pgrehearse.chaos.server.LockMode;
import org.pgrehearse.chaos.server.Sessions;
import org.pgrehearse.chaos.server.StopMode;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** The kinds of faults of servers that a scenario may name, and the fault that each of them means. */
final class ServerFaultWords {
    static final String FULL_DISK = "full-disk";

    /** A statement that takes a transaction id and writes nothing. */
    private static final String NOTHING = "SELECT txid_current()";

    private static final ArgumentKind TEXT = ArgumentKind.TEXT;
    private static final ArgumentKind OFFSET = ArgumentKind.OFFSET;

    private ServerFaultWords() {}

    static List<Shape> shapes() {
        return Stream.concat(ofServers().stream(), ofData().stream())
                .map(shape -> shape.at("source", "target"))
                .toList();
    }

    /** Those of processes, sessions, disks and WAL. */
    private static List<Shape> ofServers() {
        return List.of(
                Shape.of("kill", "kills every process of the server (SIGKILL); healing starts it"),
                Shape.of("pause", "lets every process of the server stand still (SIGSTOP)"),
                Shape.of("stop", "stops the server; healing starts it", choice("mode", "fast", "smart", "immediate")),
                Shape.of("restart", "stops and starts the server", choice("mode", "fast", "immediate")),
                Shape.of("kill-backend", "kills one backend, so that the server recovers from a crash"),
                Shape.of("terminate", "ends sessions", required("sessions", ArgumentKind.SESSIONS)),
                Shape.of(
                        FULL_DISK,
                        "fills the file system of the data, which is in memory and small for this run",
                        optional("size", ArgumentKind.DISK_SIZE, "512MiB")),
                Shape.of("drop-slot", "drops a replication slot; permanent", required("slot", TEXT)),
                Shape.of(
                        "invalidate-slot",
                        "removes WAL that a replication slot needs; permanent",
                        required("slot", TEXT)),
                Shape.of("remove-wal", "deletes the WAL that only slots still need; permanent"));
    }

    /** Those of transactions, schema and rows, and of the machine. */
    private static List<Shape> ofData() {
        return List.of(
                Shape.of("hold-lock", "holds a lock on a table", required("table", TEXT), modes()),
                Shape.of("long-transaction", "keeps a snapshot open"),
                Shape.of(
                        "idle-writer",
                        "keeps a transaction open that has written",
                        optional("statement", TEXT, NOTHING)),
                Shape.of("prepared-transaction", "leaves a transaction prepared", optional("statement", TEXT, NOTHING)),
                Shape.of(
                        "change-schema",
                        "executes a statement that changes the schema; healing executes undo",
                        required("statement", TEXT),
                        required("undo", TEXT)),
                Shape.of(
                        "conflict-row",
                        "puts a row where one of the source's will come",
                        required("table", TEXT),
                        optional("ahead", ArgumentKind.POSITIVE, "100")),
                Shape.of(
                        "conflict-statement",
                        "executes a statement that replication conflicts with; healing executes undo",
                        required("statement", TEXT),
                        required("undo", TEXT)),
                Shape.of(
                        "sequence-jump",
                        "moves a sequence",
                        required("sequence", TEXT),
                        required("by", ArgumentKind.JUMP)),
                Shape.of("clock-skew", "restarts the server with a wrong clock", required("by", OFFSET)),
                Shape.of(
                        "cpu-pressure",
                        "computes for nothing on the server's machine",
                        optional("processes", ArgumentKind.PROCESSES, "2")),
                Shape.of(
                        "io-pressure",
                        "writes and syncs a file beside the server's data",
                        optional("size", ArgumentKind.FILE_SIZE, "64MiB")));
    }

    private static Shape.Argument modes() {
        return choice(
                "mode",
                Arrays.stream(LockMode.values())
                        .sorted(Comparator.reverseOrder())
                        .map(LockMode::word)
                        .toArray(String[]::new));
    }

    static Fault fault(String kind, Arguments arguments, String server) {
        return switch (kind) {
            case "kill" -> new Fault.Kill(server);
            case "pause" -> new Fault.Pause(server);
            case "stop" -> new ServerFault.Stop(server, mode(arguments));
            case "restart" -> new ServerFault.Restart(server, mode(arguments));
            case "kill-backend" -> new ServerFault.KillBackend(server);
            case "terminate" -> new ServerFault.Terminate(server, sessions(arguments.text("sessions")));
            case FULL_DISK -> new ServerFault.FullDisk(server, "");
            case "drop-slot" -> new ServerFault.DropSlot(server, arguments.text("slot"));
            case "invalidate-slot" -> new ServerFault.InvalidateSlot(server, arguments.text("slot"));
            case "remove-wal" -> new ServerFault.RemoveWal(server);
            case "hold-lock" -> new ServerFault.HoldLock(server, arguments.text("table"), lock(arguments));
            case "long-transaction" -> new ServerFault.LongTransaction(server);
            case "idle-writer" -> new ServerFault.IdleWriter(server, arguments.text("statement"));
            case "prepared-transaction" -> new ServerFault.PreparedTransaction(server, arguments.text("statement"));
            case "change-schema" ->
                new ServerFault.ChangeSchema(server, arguments.text("statement"), arguments.text("undo"));
            case "conflict-row" ->
                new ServerFault.ConflictRow(server, arguments.text("table"), arguments.number("ahead"));
            case "conflict-statement" ->
                new ServerFault.ConflictStatement(server, arguments.text("statement"), arguments.text("undo"));
            case "sequence-jump" ->
                new ServerFault.SequenceJump(server, arguments.text("sequence"), arguments.number("by"));
            case "clock-skew" -> new ServerFault.ClockSkew(server, arguments.offset("by"));
            case "cpu-pressure" -> new ServerFault.CpuPressure(server, Math.toIntExact(arguments.number("processes")));
            case "io-pressure" -> new ServerFault.IoPressure(server, arguments.bytes("size"));
            default -> throw new IllegalStateException("a checked scenario names no fault " + kind);
        };
    }

    private static StopMode mode(Arguments arguments) {
        return StopMode.valueOf(arguments.text("mode").toUpperCase(Locale.ROOT));
    }

    private static LockMode lock(Arguments arguments) {
        return LockMode.valueOf(arguments.text("mode").toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static Sessions sessions(String words) {
        String name = words.substring(words.indexOf(' ') + 1).strip();
        return switch (words.split(" ", 2)[0]) {
            case "walsenders" -> new Sessions.Walsenders();
            case "apply-workers" -> new Sessions.ApplyWorkers();
            case "clients" -> new Sessions.Clients();
            case "user" -> new Sessions.OfUser(name);
            case "database" -> new Sessions.OfDatabase(name);
            case "application" -> new Sessions.OfApplication(name);
            default -> throw new IllegalStateException("a checked scenario names no sessions " + words);
        };
    }
}
