package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.scenarios.script.InvalidScript;
import org.pgrehearse.scenarios.script.Script;
import org.pgrehearse.scenarios.script.Value;
import org.pgrehearse.scenarios.topology.TestServer;

/** Scripts of tests: read, run for a moment, and asked about. */
final class OwnScripts {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private OwnScripts() {}

    static List<Event.Operation> run(Stage stage, Workload workload) throws InterruptedException {
        Load load = stage.load(40, workload);
        stage.goOn(Duration.ofMillis(700));
        load.stop(DRAIN);
        assertThat(stage.journal.events(Event.Trouble.class)).isEmpty();
        return stage.journal.operations();
    }

    static Blend mix(Builtin builtin, QueryMode mode) throws InvalidScript {
        List<Blend.Part> parts = new ArrayList<>();
        for (Builtin.Part part : builtin.parts()) {
            parts.add(new Blend.Part(scripts(part.name(), part.script(), mode), part.weight()));
        }
        return new Blend(parts);
    }

    static Scripts scripts(String name, String text, QueryMode mode) throws InvalidScript {
        return Scripts.of(Script.parse(name, text), false, mode, Map.of("scale", Value.of(1L)));
    }

    static long number(TestServer server, String sql) throws SQLException {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }
}
