package org.pgrehearse.scenarios.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.environment.DockerPlan;
import org.pgrehearse.scenarios.environment.PoolerPlan;
import org.pgrehearse.scenarios.workload.Isolation;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.PromiseSpec;
import org.pgrehearse.scenarios.workload.QueryMode;
import org.pgrehearse.scenarios.workload.Retry;

/** What to rehearse, complete: every default is filled in. */
public record Scenario(
        String name,
        String description,
        EnvironmentSpec environment,
        DatasetSpec dataset,
        LoadSpec load,
        PromiseSpec promises,
        SentinelSpec sentinel,
        Duration warmUp,
        Duration coolDown,
        String migration,
        List<Stage> runbook,
        List<GuardSpec> guards,
        List<FaultSpec> faults,
        List<String> expectations) {
    public Scenario {
        guards = List.copyOf(guards);
        runbook = List.copyOf(runbook);
        faults = List.copyOf(faults);
        expectations = List.copyOf(expectations);
    }

    /** The same scenario in another environment. */
    public Scenario in(EnvironmentSpec other) {
        return new Scenario(
                name,
                description,
                other,
                dataset,
                load,
                promises,
                sentinel,
                warmUp,
                coolDown,
                migration,
                runbook,
                guards,
                faults,
                expectations);
    }

    /**
     * Where the servers come from.
     *
     * @param kind {@code embedded}: servers that pgrehearse brings; {@code local}: those installed on this machine;
     *     {@code docker}: those in containers; {@code external}: a pair that is there already
     * @param source major version of the source; 0 when that is up to its server, or when there is none
     * @param target major version of the target; 0 when that is up to its server
     * @param pooler {@code pgbouncer} in front of both for the application; empty for none
     * @param external where an external pair is; null for other kinds
     * @param docker what runs in containers; null for other kinds
     * @param ownPooler the user's own in front of both for the application; null for none
     */
    public record EnvironmentSpec(
            String kind,
            int source,
            int target,
            String pooler,
            @Nullable ExternalSpec external,
            @Nullable DockerPlan docker,
            @Nullable PoolerPlan ownPooler) {
        /** Servers that are started for the run. */
        public EnvironmentSpec(String kind, int source, int target, String pooler) {
            this(kind, source, target, pooler, null, null, null);
        }

        /** Whether one server is started and no target. */
        public boolean alone() {
            return external == null && docker == null && target == 0;
        }

        /** Servers without a pooler. */
        public EnvironmentSpec(String kind, int source, int target) {
            this(kind, source, target, "");
        }

        /** A pair that is there already. */
        public static EnvironmentSpec external(String kind, ExternalSpec pair) {
            return new EnvironmentSpec(kind, 0, 0, "", pair, null, null);
        }

        /** Servers in containers, whose versions only their images know. */
        public static EnvironmentSpec docker(String kind, DockerPlan containers) {
            return new EnvironmentSpec(kind, 0, 0, "", null, containers, null);
        }

        /** The same versions and pooler from elsewhere; where no version is known, those that files leave out. */
        public EnvironmentSpec of(String other) {
            EnvironmentSpec elsewhere = external == null && docker == null
                    ? new EnvironmentSpec(other, source, target, pooler)
                    : new EnvironmentSpec(other, EnvironmentReader.SOURCE, EnvironmentReader.TARGET, pooler);
            return elsewhere.behind(ownPooler);
        }

        /** The same with a pooler of the user's. */
        public EnvironmentSpec behind(@Nullable PoolerPlan own) {
            return new EnvironmentSpec(kind, source, target, pooler, external, docker, own);
        }
    }

    /**
     * A pair of databases that somebody else runs.
     *
     * @param source connection string of the source, where {@code ${NAME}} stands for a variable of the process
     * @param target the same for the target
     * @param proxyHost the address of this machine at which the servers reach it; empty when they do not
     * @param production whether the file says that this is known to be production
     */
    public record ExternalSpec(String source, String target, String proxyHost, boolean production) {}

    /** The data the source is filled with: {@code shop}, sized by its orders. */
    public record DatasetSpec(String name, long orders) {}

    /**
     * The load.
     *
     * @param ratePerSecond transactions a second over all applications together
     * @param curve how that changes; without points it does not
     * @param scripts what is run; empty for the shop alone
     * @param variables that every script begins with, by name
     */
    public record LoadSpec(
            double ratePerSecond,
            LoadPlan.Curve curve,
            List<ScriptSpec> scripts,
            QueryMode mode,
            Isolation isolation,
            Retry retry,
            Map<String, String> variables,
            SetupSpec setup,
            ReplaySpec replay,
            List<ApplicationSpec> applications) {
        public LoadSpec {
            scripts = List.copyOf(scripts);
            variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
            applications = List.copyOf(applications);
        }

        /** How large the tables of builtin scripts are: the variable {@code scale}, or 1. */
        public long scale() {
            return Long.parseLong(variables.getOrDefault("scale", "1"));
        }
    }

    /**
     * A recorded workload in place of scripts.
     *
     * @param file its absolute path; empty when there is none
     * @param speed 2 is twice as fast as it was recorded
     */
    public record ReplaySpec(String file, double speed) {
        /** Whether there is one. */
        public boolean present() {
            return !file.isEmpty();
        }
    }

    /**
     * A script and its share of the load.
     *
     * @param sql its text; empty for a builtin
     * @param builtin the name of a builtin; empty for a script of the user's
     * @param wrap whether a script that writes without BEGIN becomes one transaction
     * @param keysOf the table of which it is recorded what it deletes; empty for none, and for a builtin
     * @param every from one run of it to the next; zero for a script that has a share of the load
     * @param isolation of its transactions; empty where the load says it
     */
    public record ScriptSpec(
            String name,
            String sql,
            String builtin,
            int weight,
            boolean wrap,
            String keysOf,
            Duration every,
            Optional<Isolation> isolation) {
        /** A script with a share, isolated as the load says. */
        public ScriptSpec(String name, String sql, String builtin, int weight, boolean wrap, String keysOf) {
            this(name, sql, builtin, weight, wrap, keysOf, Duration.ZERO, Optional.empty());
        }

        /** Whether it is a job that comes at intervals of its own, and has no share of the load. */
        public boolean job() {
            return every.isPositive();
        }

        /** A script of which no keys are recorded. */
        public ScriptSpec(String name, String sql, String builtin, int weight, boolean wrap) {
            this(name, sql, builtin, weight, wrap, "");
        }
    }

    /** SQL that makes the user's own tables on each side, and SQL that fills them on the source; texts may be empty. */
    public record SetupSpec(String schema, String data) {}

    /**
     * One instance of the user's application.
     *
     * @param pauseDelay how long after {@code pause-writes} this instance hears of it
     * @param switchDelay how long after {@code switch} this instance hears of it
     */
    public record ApplicationSpec(
            String name, String role, int connections, Duration pauseDelay, Duration switchDelay, Duration lifetime) {}

    /** The probe: one of each class at every interval, one in {@code freshOneIn} on a connection of its own. */
    public record SentinelSpec(Duration interval, int freshOneIn) {}

    /** A phase of the runbook. */
    public record Stage(String phase, List<StepSpec> steps) {
        public Stage {
            steps = List.copyOf(steps);
        }
    }

    /**
     * One step of the runbook.
     *
     * @param deadline ends the step when it passes; null for none, and for steps that take one as an argument
     * @param back the user's own way back, run when a later step fails
     */
    public record StepSpec(
            String step, Arguments arguments, @Nullable Duration deadline, List<StepSpec> back) {
        public StepSpec {
            back = List.copyOf(back);
        }

        /** A step with neither. */
        public StepSpec(String step, Arguments arguments) {
            this(step, arguments, null, List.of());
        }
    }

    /**
     * A fault and when it is there.
     *
     * @param places {@code source}, {@code target}, {@code replication}: which servers or proxies it is injected on
     */
    public record FaultSpec(String name, String fault, Arguments arguments, List<String> places, Timing timing) {
        public FaultSpec {
            places = List.copyOf(places);
        }

        /**
         * A fault that comes once, timed by steps and durations.
         *
         * @param during the step it starts with; null when it starts at a time
         * @param after how long after that step's start, or after the start of the warm-up
         * @param lasts how long it lasts; null when it lasts until a step or the end
         * @param until the step it is healed before; null when it lasts a time or to the end of the runbook
         */
        public FaultSpec(
                String name,
                String fault,
                Arguments arguments,
                List<String> places,
                @Nullable String during,
                Duration after,
                @Nullable Duration lasts,
                @Nullable String until) {
            this(
                    name,
                    fault,
                    arguments,
                    places,
                    new Timing(
                            during,
                            Occasion.NONE,
                            after,
                            Duration.ZERO,
                            lasts,
                            until == null ? Occasion.NONE : new Occasion(Map.of(Occasion.STEP, until)),
                            1,
                            Duration.ZERO));
        }
    }

    /**
     * When a fault is there.
     *
     * @param during the step it starts with, and is given up after; null when that is no step
     * @param when what it waits for otherwise
     * @param after how long after that it comes
     * @param window how much later still at most, drawn from the seed
     * @param lasts how long it stays; null when {@code until} or the runbook's end decides
     * @param until what ends it; empty when {@code lasts} or the runbook's end decides
     * @param times how often it comes
     * @param every from one coming to the next
     */
    public record Timing(
            @Nullable String during,
            Occasion when,
            Duration after,
            Duration window,
            @Nullable Duration lasts,
            Occasion until,
            int times,
            Duration every) {}

    /** Conditions that hold together, by their words in the file, each with its checked value. */
    public record Occasion(Map<String, String> conditions) {
        /** The word for a step that begins. */
        public static final String STEP = "step";

        /** No condition at all. */
        public static final Occasion NONE = new Occasion(Map.of());

        public Occasion {
            conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
        }

        /** Whether there is nothing to wait for. */
        public boolean isEmpty() {
            return conditions.isEmpty();
        }
    }
}
