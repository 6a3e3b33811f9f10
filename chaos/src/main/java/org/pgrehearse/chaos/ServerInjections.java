package org.pgrehearse.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.harm.BackendHarm;
import org.pgrehearse.chaos.harm.ClockHarm;
import org.pgrehearse.chaos.harm.ConflictHarm;
import org.pgrehearse.chaos.harm.CpuHarm;
import org.pgrehearse.chaos.harm.DiskHarm;
import org.pgrehearse.chaos.harm.Harm;
import org.pgrehearse.chaos.harm.HeldHarm;
import org.pgrehearse.chaos.harm.IoHarm;
import org.pgrehearse.chaos.harm.PreparedHarm;
import org.pgrehearse.chaos.harm.SchemaHarm;
import org.pgrehearse.chaos.harm.SequenceHarm;
import org.pgrehearse.chaos.harm.SlotHarm;
import org.pgrehearse.chaos.harm.StatementHarm;
import org.pgrehearse.chaos.harm.StopHarm;
import org.pgrehearse.chaos.harm.TerminateHarm;
import org.pgrehearse.chaos.harm.WalHarm;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** What each fault of a server is made of. What a server lacks of it is said at once. */
record ServerInjections(Map<String, ServerControl> servers, LongSupplier nanos) {
    Injection of(Fault.OnServer fault) throws CannotInject {
        Needs needs = new Needs(fault, servers.get(fault.server()));
        return switch (fault) {
            case Fault.Kill ignored -> new KillInjection(needs.processes());
            case Fault.Pause ignored -> new PauseInjection(needs.processes());
            case ServerFault harmful -> new HarmInjection(harm(harmful, needs), nanos);
        };
    }

    private static Harm harm(ServerFault fault, Needs needs) throws CannotInject {
        return switch (fault) {
            case ServerFault.Stop stop -> new StopHarm(needs.processes(), stop.mode(), false);
            case ServerFault.Restart restart -> new StopHarm(needs.processes(), restart.mode(), true);
            case ServerFault.KillBackend ignored -> new BackendHarm(needs.processes(), needs.sql());
            case ServerFault.Terminate end -> new TerminateHarm(needs.sql(), end.sessions());
            case ServerFault.FullDisk disk ->
                new DiskHarm(needs.server(), needs.sql(), needs.data(), disk.tablespace());
            case ServerFault.DropSlot drop -> SlotHarm.dropping(needs.sql(), drop.slot());
            case ServerFault.InvalidateSlot lose -> SlotHarm.invalidating(needs.sql(), lose.slot());
            case ServerFault.RemoveWal ignored -> new WalHarm(needs.sql(), needs.data());
            case ServerFault.HoldLock lock -> HeldHarm.lock(needs.sql(), lock.table(), lock.mode());
            case ServerFault.LongTransaction ignored -> HeldHarm.snapshot(needs.sql());
            case ServerFault.IdleWriter writer -> HeldHarm.writer(needs.sql(), writer.statement());
            case ServerFault.PreparedTransaction prepared -> new PreparedHarm(needs.sql(), prepared.statement());
            case ServerFault.ChangeSchema change -> new SchemaHarm(needs.sql(), change.statement(), change.undo());
            case ServerFault.ConflictRow row -> new ConflictHarm(needs.sql(), row.table(), row.ahead());
            case ServerFault.ConflictStatement sql -> new StatementHarm(needs.sql(), sql.statement(), sql.undo());
            case ServerFault.SequenceJump jump -> new SequenceHarm(needs.sql(), jump.sequence(), jump.by());
            case ServerFault.ClockSkew skew ->
                new ClockHarm(needs.processes(), needs.sql(), skew.offset(), InstantSource.system());
            case ServerFault.CpuPressure pressure -> {
                needs.processes(); // only then is the server's machine this one
                yield new CpuHarm(pressure.processes());
            }
            case ServerFault.IoPressure pressure -> new IoHarm(needs.data(), pressure.bytes());
        };
    }

    /** What a fault asks of its server. */
    private record Needs(Fault fault, @Nullable ServerControl known) {
        ServerControl server() throws CannotInject {
            if (known == null) {
                throw refused("nobody knows this server. Name one that the environment started.");
            }
            return known;
        }

        ProcessControl processes() throws CannotInject {
            if (known == null) {
                throw refused("its processes are not ours. Choose a server that the environment started.");
            }
            return have(known.processes(), "its processes are not ours. Choose a server that the environment started.");
        }

        SqlAccess sql() throws CannotInject {
            return have(server().sql(), "it cannot be asked. Give access to it as a superuser.");
        }

        Path data() throws CannotInject {
            return have(server().data(), "its data folder is not ours. Choose a server that the environment started.");
        }

        private <T> T have(Optional<T> need, String otherwise) throws CannotInject {
            if (need.isEmpty()) {
                throw refused(otherwise);
            }
            return need.get();
        }

        private CannotInject refused(String why) {
            return new CannotInject(fault, new IOException(why));
        }
    }
}
