package org.pgrehearse.scenarios.spec;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.environment.PoolerPlan;
import org.pgrehearse.scenarios.spec.Scenario.EnvironmentSpec;
import org.pgrehearse.scenarios.spec.Scenario.ExternalSpec;

/** Reads where the servers of a scenario come from. */
final class EnvironmentReader {
    /** The major version of a source that is not said. */
    static final int SOURCE = 15;

    /** The major version of a target that is not said. */
    static final int TARGET = 17;

    /** The word for a run on one server. */
    static final String NO_TARGET = "none";

    static final String EXTERNAL = "external";
    static final String PRODUCTION = "i-know";

    private static final int MAJOR_MIN = 12;
    private static final int MAJOR_MAX = 18;
    private static final String POOLER = "pooler";
    private static final String NO_POOLER = "none";
    private static final List<String> KINDS = List.of("embedded", "local", DockerReader.KIND, EXTERNAL);
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*}");

    /** A password as the user part of a URI, its query and a conninfo string may hold one. */
    private static final List<Pattern> PASSWORDS = List.of(
            Pattern.compile("://[^/@:]*:([^@]*)@"),
            Pattern.compile("[?&](?:ssl)?password=([^&]*)"),
            Pattern.compile("(?:^|\\s)(?:ssl)?password\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|\\S*)"));

    private EnvironmentReader() {}

    static EnvironmentSpec read(Fields fields) {
        String kind = ScenarioReader.choice(fields, "kind", KINDS);
        PoolerPlan own = ownPooler(fields);
        EnvironmentSpec environment = switch (kind) {
            case EXTERNAL -> external(fields);
            case DockerReader.KIND -> DockerReader.read(fields);
            default -> started(fields, kind);
        };
        fields.refuseOthers();
        return environment.behind(own);
    }

    /** The commands of a pooler; null when there is none or it is named by a word. */
    private static @Nullable PoolerPlan ownPooler(Fields fields) {
        if (!fields.has(POOLER) || fields.isText(POOLER)) {
            return null;
        }
        Fields words = fields.mapping(POOLER);
        PoolerPlan plan = new PoolerPlan(
                words.text("command", null),
                command(words, "pause"),
                command(words, "repoint"),
                command(words, "resume"));
        words.refuseOthers();
        return plan;
    }

    private static String command(Fields words, String key) {
        return words.has(key) ? words.text(key, null) : words.text(key, "");
    }

    private static EnvironmentSpec started(Fields fields, String kind) {
        int source = (int) ScenarioReader.number(fields, "source", SOURCE, MAJOR_MIN, MAJOR_MAX);
        int target = fields.has("target") && fields.text("target", "").strip().equals(NO_TARGET)
                ? 0
                : (int) ScenarioReader.number(fields, "target", TARGET, MAJOR_MIN, MAJOR_MAX);
        boolean own = fields.has(POOLER) && !fields.isText(POOLER);
        String pooler = own ? NO_POOLER : ScenarioReader.choice(fields, POOLER, List.of(NO_POOLER, "pgbouncer"));
        if (target == 0 && (own || !pooler.equals(NO_POOLER))) {
            fields.report(fields.lineOf(POOLER), POOLER, "leads to two servers; it needs a target");
        }
        return new EnvironmentSpec(kind, source, target, pooler.equals(NO_POOLER) ? "" : pooler);
    }

    private static EnvironmentSpec external(Fields fields) {
        String source = connection(fields, "source");
        String target = connection(fields, "target");
        String proxyHost = fields.text("proxy-host", " ").strip();
        boolean production = ScenarioReader.choice(fields, "production", List.of("no", PRODUCTION))
                .equals(PRODUCTION);
        return EnvironmentSpec.external(EXTERNAL, new ExternalSpec(source, target, proxyHost, production));
    }

    /** What is written here is copied into results, so no password may be in it. */
    private static String connection(Fields fields, String key) {
        String text = fields.text(key, null).strip();
        for (Pattern pattern : PASSWORDS) {
            Matcher password = pattern.matcher(text);
            if (password.find()
                    && !password.group(1).isEmpty()
                    && !VARIABLE.matcher(password.group(1)).matches()) {
                fields.report(
                        fields.lineOf(key),
                        key,
                        "holds a password, which would be copied into the results; write ${NAME} in its place and set"
                                + " that variable, or use ~/.pgpass or a service");
            }
        }
        return text;
    }
}
