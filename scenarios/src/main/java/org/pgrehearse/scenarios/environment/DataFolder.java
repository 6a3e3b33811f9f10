package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The making and the configuration of a server's data folder. */
final class DataFolder {
    private static final String CONFIGURATION = "pgrehearse.conf";
    private static final String INCLUDE = "include '" + CONFIGURATION + "'\n";
    private static final int STATUS_LINE = 7;
    private static final Duration INITDB_DEADLINE = Duration.ofMinutes(2);

    private final ClusterPlan plan;

    DataFolder(ClusterPlan plan) {
        this.plan = plan;
    }

    /** Starts a program of the installation as the server's account, its output in the server's log. */
    @FunctionalInterface
    interface Launcher {
        Postmaster launch(String program, List<String> arguments);
    }

    boolean exists() {
        return Files.exists(plan.data().resolve("PG_VERSION"));
    }

    /** Whether the server with that process id says that it takes connections; asking the port may reach another. */
    boolean ready(long pid) {
        try {
            List<String> lines = Files.readAllLines(plan.data().resolve("postmaster.pid"));
            return lines.size() > STATUS_LINE
                    && lines.getFirst().strip().equals(Long.toString(pid))
                    && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException notWrittenYet) {
            return false;
        }
    }

    /** Runs initdb; not every system has the locale C.UTF-8. */
    void initialize(Launcher launcher) {
        String output = "";
        for (String locale : List.of("C.UTF-8", "C")) {
            long start = LogTail.size(plan.log());
            Postmaster initdb = launcher.launch("initdb", arguments(locale));
            if (!initdb.ended(INITDB_DEADLINE)) {
                initdb.kill();
            }
            if (initdb.exitCode() == 0) {
                return;
            }
            output = LogTail.since(start, plan.log());
            if (!output.contains("invalid locale")) {
                break;
            }
        }
        throw new EnvironmentException("Cannot make the data folder of " + plan.name() + " in " + plan.data()
                + ": initdb failed. Correct what its output says and run again:\n" + output);
    }

    /** Writes the settings; a later ALTER SYSTEM is stronger, as in production. */
    void configure(int port) {
        configure(port, Map.of());
    }

    /** The same with settings that are stronger still. */
    void configure(int port, Map<String, String> further) {
        Map<String, String> settings =
                new LinkedHashMap<>(ServerSettings.defaults(plan.installation().major(), plan.fsync()));
        settings.putAll(plan.settings());
        settings.putAll(further);
        settings.put("listen_addresses", Ports.LOOPBACK);
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", "");
        settings.put("cluster_name", plan.name());
        Path file = plan.data().resolve(CONFIGURATION);
        Path main = plan.data().resolve("postgresql.conf");
        try {
            Files.writeString(file, ServerSettings.render(settings));
            plan.account().give(file);
            if (!Files.readString(main).endsWith(INCLUDE)) {
                Files.writeString(main, INCLUDE, StandardOpenOption.APPEND);
            }
        } catch (IOException failed) {
            throw new EnvironmentException(
                    "Cannot configure " + plan.name() + ": " + failed.getMessage() + ". Free some space and run again.",
                    failed);
        }
    }

    private List<String> arguments(String locale) {
        return List.of(
                "-D",
                plan.data().toString(),
                "--username=" + EmbeddedServer.SUPERUSER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=" + locale,
                "--no-sync");
    }
}
