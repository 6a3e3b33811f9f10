package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.Arguments;

/** A copy of the running source's files into the target's data folder, without WAL; the target is stopped for it. */
final class BaseBackup {
    /** Since this version the functions are called pg_backup_start and pg_backup_stop. */
    private static final int NEW_NAMES_SINCE = 15;

    /** Folders that exist in a copy, empty. */
    private static final Set<String> EMPTY = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts", "backup_label.old");

    private final Rig rig;

    BaseBackup(Rig rig) {
        this.rig = rig;
    }

    /** Copies in the way that the step asks for; the way back starts the target on what it had before. */
    Step.Done by(Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        try {
            String did = arguments.text("with").equals("functions")
                    ? byFunctions()
                    : byProgram(arguments.duration("deadline"));
            return new Step.Done(did, this::undo);
        } catch (SQLException | StepFailed e) {
            undo();
            throw e;
        }
    }

    private String undo() throws SQLException {
        try {
            rig.host(Side.TARGET).bringDataBack();
            return "started the target on what it had before";
        } catch (IOException | StepFailed e) {
            throw new SQLException("Cannot start the target on what it had before: " + e.getMessage(), e);
        }
    }

    /** Copies by pg_basebackup, which must be there and as new as the source. */
    private String byProgram(Duration deadline) throws StepFailed, InterruptedException {
        Host target = stopped();
        String program = rig.clients()
                .program("pg_basebackup", rig.source().majorVersion())
                .toString();
        new Programs(rig, deadline)
                .require(List.of(List.of(
                        program,
                        "--no-password",
                        "--dbname=" + rig.replicationConninfo(Side.SOURCE),
                        "--pgdata=" + target.data(),
                        "--wal-method=none",
                        "--checkpoint=fast",
                        "--no-manifest")));
        return "copied by " + program;
    }

    /** Copies file by file between the start and the stop of a backup, as every version can. */
    private String byFunctions() throws SQLException, StepFailed {
        Host target = stopped();
        boolean newNames = rig.source().majorVersion() >= NEW_NAMES_SINCE;
        try (Connection admin = rig.source().admin();
                Statement statement = admin.createStatement()) {
            statement.execute(
                    newNames
                            ? "SELECT pg_backup_start('pgrehearse', true)"
                            : "SELECT pg_start_backup('pgrehearse', true, false)");
            Path from = rig.host(Side.SOURCE).data();
            copy(from, target.data());
            try (ResultSet row = statement.executeQuery(
                    newNames
                            ? "SELECT lsn::text, labelfile FROM pg_backup_stop(false)"
                            : "SELECT lsn::text, labelfile FROM pg_stop_backup(false, false)")) {
                row.next();
                Files.writeString(target.data().resolve("backup_label"), row.getString(2));
                return "copied between the start and the stop of a backup, which ends at " + row.getString(1);
            }
        } catch (IOException e) {
            throw new StepFailed(
                    "Cannot copy the source's files: " + e.getMessage() + ". Free some space and run again.", e);
        }
    }

    private Host stopped() throws StepFailed {
        Host target = rig.host(Side.TARGET);
        target.stop();
        try {
            target.setDataAside();
        } catch (IOException e) {
            throw new StepFailed("Cannot empty the target's data folder: " + e.getMessage() + ".", e);
        }
        return target;
    }

    /** Files may vanish and change while they are copied: the WAL from the start of the backup on makes up for it. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(folder).toString());
                if (!folder.equals(from)) {
                    Files.createDirectories(copy);
                    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
                }
                if (folder.getParent() != null
                        && folder.getParent().equals(from)
                        && EMPTY.contains(folder.getFileName().toString())) {
                    if (folder.endsWith("pg_wal")) {
                        Files.createDirectories(copy.resolve("archive_status"));
                    }
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (!LEFT_OUT.contains(name) && !name.startsWith("pgsql_tmp")) {
                    try {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file).toString()),
                                StandardCopyOption.REPLACE_EXISTING);
                    } catch (NoSuchFileException vanished) {
                        return FileVisitResult.CONTINUE;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }
}
