package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Flyway in a process of its own, so that it can be killed like anybody's: {@code LOG FOLDER [flyway.name=value]…}. */
final class FlywayProcess {
    /** The folder's own settings, by the name that Flyway gives them. */
    private static final String SETTINGS = "flyway.conf";

    private FlywayProcess() {}

    /** Migrates, and ends with an exception when Flyway does. */
    public static void main(String[] arguments) throws IOException {
        MigrationLog log = new MigrationLog(Path.of(arguments[0]));
        Path folder = Path.of(arguments[1]);
        try {
            Flyway.configure()
                    .configuration(settings(folder, List.of(arguments).subList(2, arguments.length)))
                    .dataSource(MigrationLog.url(FlywayTool.WORD), System.getenv("PGUSER"), System.getenv("PGPASSWORD"))
                    .locations("filesystem:" + folder)
                    .callbacks(new Teller(log))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            log.failed(FlywayTool.WORD, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** Ours, which let Flyway into a database that is not empty, then the folder's, then those of the scenario. */
    private static Map<String, String> settings(Path folder, List<String> options) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("flyway.baselineOnMigrate", "true");
        settings.put("flyway.baselineVersion", "0");
        if (Files.exists(folder.resolve(SETTINGS))) {
            Properties own = new Properties();
            try (Reader reader = Files.newBufferedReader(folder.resolve(SETTINGS))) {
                own.load(reader);
            }
            own.stringPropertyNames().forEach(name -> settings.put(name, own.getProperty(name)));
        }
        for (String option : options) {
            int equals = option.indexOf('=');
            settings.put(option.substring(0, equals), option.substring(equals + 1));
        }
        return settings;
    }

    /** Writes down what each migration changed, as the session that applies it sees it. */
    private record Teller(MigrationLog log) implements Callback {
        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
        }

        @Override
        public boolean canHandleInTransaction(Event event, Context context) {
            return true;
        }

        @Override
        public void handle(Event event, Context context) {
            String script = String.valueOf(context.getMigrationInfo().getScript());
            if (event == Event.BEFORE_EACH_MIGRATE) {
                log.begin(script, context.getConnection());
            } else {
                log.done(script, context.getConnection());
            }
        }

        @Override
        public String getCallbackName() {
            return "pgrehearse";
        }
    }
}
