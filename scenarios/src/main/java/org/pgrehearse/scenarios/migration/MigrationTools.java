package org.pgrehearse.scenarios.migration;

import java.util.List;
import java.util.stream.Stream;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;

/**
 * The steps that run a migration tool on the user's own folder, and tell what each migration changed, what the tool's
 * account of them says, and what a run that failed left behind.
 */
public final class MigrationTools {
    private static final List<MigrationTool> ALL =
            List.of(new FlywayTool(), new LiquibaseTool(), new GolangMigrateTool());

    private MigrationTools() {}

    static boolean mayRunForever(String step) {
        return step.equals(KillAtEach.WORD)
                || ALL.stream().map(MigrationTool::word).anyMatch(step::equals);
    }

    static List<Step> steps() {
        return Stream.concat(
                        ALL.stream()
                                .map(tool -> new Step(
                                        tool.shape(),
                                        (rig, arguments) -> Step.Done.of(ToolRun.of(tool, rig, arguments)))),
                        Stream.of(KillAtEach.step()))
                .toList();
    }

    /** The steps that run a program of this machine. */
    public static List<String> words() {
        return Stream.concat(ALL.stream().map(MigrationTool::word), Stream.of(KillAtEach.WORD, "psql"))
                .toList();
    }

    /**
     * Fails with an {@link org.pgrehearse.scenarios.environment.EnvironmentException} when a runbook names a tool that
     * this machine lacks.
     */
    public static void require(Scenario scenario, ClientPrograms programs) {
        List<StepSpec> steps = scenario.runbook().stream()
                .flatMap(stage -> stage.steps().stream())
                .flatMap(step -> Stream.concat(Stream.of(step), step.back().stream()))
                .toList();
        for (StepSpec step : steps) {
            ALL.stream().filter(tool -> tool.word().equals(step.step())).forEach(tool -> tool.require(programs));
            if (step.step().equals(KillAtEach.WORD)) {
                KillAtEach.tool(step.arguments()).require(programs);
                programs.program("pg_dump", scenario.environment().source());
            }
        }
    }
}
