package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Arguments;

/** One run of a migration tool to its end, and what it told, changed and left. For the thread of its step. */
final class ToolRun {
    // In the list, not among the conditions: a server may ask those of sessions of other databases, too.
    private static final String END_SESSIONS = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
            + " WHERE application_name = ? AND datname = ?";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final MigrationTool tool;
    private final Rig rig;
    private final Arguments arguments;
    private final Server server;
    private final List<String> told = new ArrayList<>();
    private Path log = Path.of("nowhere");

    /**
     * A run that has yet to begin.
     *
     * @param server the database that it migrates, which may be a copy
     */
    ToolRun(MigrationTool tool, Rig rig, Arguments arguments, Server server) {
        this.tool = tool;
        this.rig = rig;
        this.arguments = arguments;
        this.server = server;
    }

    /** Runs it, and returns what each migration changed and the tool's account of them. */
    static String of(MigrationTool tool, Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Server server = OwnSteps.server(rig, arguments);
        ToolRun run = new ToolRun(tool, rig, arguments, server);
        try (Connection looking = server.admin()) {
            String told = run.run(() -> run.isTimeToKill(looking));
            if (arguments.given("kill-when").isPresent()) {
                throw new StepFailed(tool.word() + " ended by itself before \"" + arguments.text("kill-when")
                        + "\" was true, and so was not killed. Correct the query. " + told);
            }
            return told;
        } catch (Program.Killed e) {
            return run.killed();
        }
    }

    /**
     * Runs it, and returns what each migration changed and the tool's account of them.
     *
     * @param kill asked every few milliseconds
     * @throws Program.Killed when that gave true, and so the tool was killed; its sessions may still be there
     */
    String run(BooleanSupplier kill) throws SQLException, StepFailed, Program.Killed, InterruptedException {
        Path place = place();
        if (!Files.exists(place)) {
            throw new StepFailed("Cannot read " + place + ": it does not exist. Name a file or a folder; relative names"
                    + " lead from the scenario's folder.");
        }
        log = log();
        try (Blockade _blockade = new Blockade(rig, server, tool)) {
            for (MigrationTool.Command command : tool.commands(rig.clients(), arguments, server, place, log)) {
                run(command, kill);
            }
        }
        SchemaPicture after = SchemaPicture.of(server);
        if (!after.invalid().isEmpty()) {
            throw new StepFailed(tool.word() + " reported success, and there is an INVALID index: "
                    + String.join(", ", new TreeSet<>(after.invalid()))
                    + ". No query uses it, and writes pay for it. Drop it, and create it again.");
        }
        return (told.isEmpty() ? "no migration was left to run" : String.join("; ", told)) + ". " + account();
    }

    private void run(MigrationTool.Command command, BooleanSupplier kill)
            throws SQLException, StepFailed, Program.Killed, InterruptedException {
        SchemaPicture before = picture();
        Map<String, String> variables = OwnSteps.variables(rig, arguments);
        variables.put("PGAPPNAME", tool.word());
        variables.put("PGDATABASE", server.database());
        try {
            Program.runUntil(rig, kill, tool.word(), command.words(), variables);
        } catch (StepFailed e) {
            throw failed(command, read(), before, e);
        }
        told.addAll(read().done());
        if (command.migration().isPresent()) {
            told.add(command.migration().get() + ": " + orNothing(picture().told(before)));
        }
    }

    /** A query about what the tool has not created yet is no answer. */
    private boolean isTimeToKill(Connection looking) {
        Optional<String> query = arguments.given("kill-when");
        if (query.isEmpty()) {
            return false;
        }
        try {
            return Sql.value(looking, query.get()).filter("t"::equals).isPresent();
        } catch (SQLException notYet) {
            return false;
        }
    }

    private String killed() throws SQLException, StepFailed {
        MigrationLog.Told lately = read();
        told.addAll(lately.done());
        try (Connection connection = server.admin()) {
            List<String> ended = Sql.values(connection, END_SESSIONS, tool.word(), server.database());
            return "killed as \"" + arguments.text("kill-when") + "\" was true"
                    + lately.open().map(name -> ", during " + name).orElse("") + "; " + ended.size()
                    + " of its sessions ended. " + (told.isEmpty() ? "" : String.join("; ", told) + ". ") + account();
        }
    }

    private StepFailed failed(
            MigrationTool.Command command, MigrationLog.Told lately, SchemaPicture before, StepFailed cause)
            throws SQLException {
        told.addAll(lately.done());
        String left =
                lately.left().isPresent() ? lately.left().get() : picture().told(before);
        String migration = lately.open().or(command::migration).orElse(tool.word());
        String why = lately.failure().orElse(String.valueOf(cause.getMessage()));
        return new StepFailed(
                migration + " failed, and "
                        + (left.isEmpty() ? "left the schema as it was" : "is half applied: it left " + left) + ". "
                        + (told.isEmpty() ? "" : "Migrations before it are applied: " + String.join("; ", told) + ". ")
                        + account() + " " + why,
                cause);
    }

    /** The schema without the tool's own tables. */
    private SchemaPicture picture() throws SQLException {
        SchemaPicture whole = SchemaPicture.of(server);
        return tool.ownTables().map(whole::without).orElse(whole);
    }

    private String account() throws SQLException {
        try (Connection connection = server.admin()) {
            List<String> account = tool.account(connection);
            if (tool instanceof PsqlTool) {
                return "psql keeps no account of what is applied.";
            }
            return (account.isEmpty() ? "Its account is empty" : "Its account: " + String.join(", ", account))
                    + tool.obstacle(connection).map(text -> "; " + text).orElse("") + ".";
        }
    }

    private static String orNothing(String changes) {
        return changes.isEmpty() ? "no change of the schema" : changes;
    }

    private MigrationLog.Told read() throws StepFailed {
        try {
            return MigrationLog.read(log);
        } catch (IOException e) {
            throw new StepFailed("Cannot read " + log + ": " + e.getMessage() + ". Look whether the disk is full.", e);
        }
    }

    /** The user's folder, or a folder of this run that takes the files that the scenario holds. */
    private Path place() throws StepFailed {
        Optional<String> given = tool.place(arguments);
        if (given.isPresent()) {
            return rig.places().start().resolve(given.get()).toAbsolutePath();
        }
        try {
            Path outputs = Files.createDirectories(rig.places().outputs());
            Path folder = Files.createTempDirectory(outputs, tool.word() + "-").toAbsolutePath();
            List<String> names = new ArrayList<>();
            for (String file : arguments.list("files")) {
                int end = file.indexOf('\n');
                if (end < 0 || !NAME.matcher(file.substring(0, end).strip()).matches()) {
                    throw new StepFailed("Cannot write a file of \"files\": its first line is no name such as"
                            + " V1__add.sql, with its content in the lines below. It begins with: "
                            + file.lines().findFirst().orElse("nothing") + ".");
                }
                names.add(file.substring(0, end).strip());
                Files.writeString(folder.resolve(names.getLast()), file.substring(end + 1));
            }
            return tool.place(folder, names);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private StepFailed unwritable(IOException e) {
        return new StepFailed(
                "Cannot write in " + rig.places().outputs() + ": " + e.getMessage()
                        + ". Look whether the disk is full.",
                e);
    }

    private Path log() throws StepFailed {
        try {
            Path folder = Files.createDirectories(rig.places().outputs());
            return Files.createTempFile(folder, tool.word() + "-", ".log").toAbsolutePath();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}
