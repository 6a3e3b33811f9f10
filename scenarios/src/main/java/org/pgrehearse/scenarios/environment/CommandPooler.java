package org.pgrehearse.scenarios.environment;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Processes.Signal;

/**
 * A pooler or proxy of the user's for one run, started and steered by commands that run in a folder of their own. Every
 * process that they start inherits a mark and is ended with the run, also those that went into the background; where
 * there is no /proc, only the first process and its children are. Safe for use by many threads.
 */
public final class CommandPooler implements AutoCloseable {
    private static final String MARK = "PGREHEARSE_POOLER_OF";
    private static final Pattern OWNER = Pattern.compile("(?:^|\0)" + MARK + "=(\\d+)/([^/\0]+)/(\\d+)(?:\0|$)");
    private static final Duration START_MAX = Duration.ofSeconds(15);
    private static final Duration COMMAND_MAX = Duration.ofSeconds(30);
    private static final Duration END_MAX = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int ANSWER_MILLIS_MAX = 2_000;

    /**
     * PostgreSQL's question whether a server speaks TLS, which everything that stands for one answers with a letter.
     */
    private static final int[] TLS_QUESTION = {8, 80877103};

    private final PoolerPlan plan;
    private final Path folder;
    private final Path log;
    private final Map<Side, PgBouncer.Address> sides;
    private final Map<String, String> variables;
    private final int port;
    private final String mark;
    private final Postmaster process;

    private CommandPooler(PoolerPlan plan, Path folder, Map<Side, PgBouncer.Address> sides, String database)
            throws IOException {
        this.plan = plan;
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        this.log = this.folder.resolve("pooler.log");
        this.sides = Map.copyOf(sides);
        this.port = Ports.choose(RandomGenerator.getDefault());
        Owner owner = Owner.current();
        this.mark = owner.pid() + "/" + owner.started() + "/" + port;
        this.variables = Map.of(MARK, mark, "POOLER_PORT", Integer.toString(port), "DATABASE", database);
        this.process = launch(plan.command(), Side.SOURCE, Map.of());
    }

    /**
     * Starts it, leading to the source, and returns once a server has answered through it.
     *
     * @param folder where its commands run and its log is; made when it is not there
     * @param sides where the fault proxies of both sides are
     * @throws EnvironmentException when its command ends, or when no server has answered after 15 seconds
     */
    public static CommandPooler start(
            PoolerPlan plan, Path folder, Map<Side, PgBouncer.Address> sides, String database) {
        try {
            CommandPooler pooler = new CommandPooler(plan, folder, sides, database);
            try {
                pooler.awaitAnswer();
                return pooler;
            } catch (IOException | RuntimeException failed) {
                pooler.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new EnvironmentException(
                    "Cannot start the pooler: " + failed.getMessage() + ". Look at " + folder + ".", failed);
        }
    }

    private Postmaster launch(String command, Side lead, Map<String, String> further) throws IOException {
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(further);
        for (Side side : Side.values()) {
            put(all, side.name(), side);
        }
        put(all, "LEAD", lead);
        return Postmaster.launch(List.of("sh", "-c", command), folder, log, all);
    }

    private void put(Map<String, String> all, String name, Side side) {
        PgBouncer.Address address = Optional.ofNullable(sides.get(side)).orElseThrow();
        all.put(name + "_HOST", address.host());
        all.put(name + "_PORT", Integer.toString(address.port()));
    }

    private void awaitAnswer() throws IOException {
        long since = System.nanoTime();
        while (!answers()) {
            if (!process.isAlive()) {
                throw new EnvironmentException("Cannot start the pooler: its command ended with exit code "
                        + process.exitCode() + ". It must stay as long as the pooler is to stay. Its last output:\n"
                        + tail());
            }
            if (System.nanoTime() - since > START_MAX.toNanos()) {
                throw new EnvironmentException("Cannot start the pooler: no server has answered through 127.0.0.1:"
                        + port + " ($POOLER_PORT) within " + START_MAX.toSeconds() + " s. Its last output:\n" + tail());
            }
            try {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new EnvironmentException("Cannot start the pooler: interrupted. Run again.", interrupted);
            }
        }
    }

    /** Whether a server, and not the pooler alone, is at the other end. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
                    ANSWER_MILLIS_MAX);
            DataOutputStream question = new DataOutputStream(socket.getOutputStream());
            for (int word : TLS_QUESTION) {
                question.writeInt(word);
            }
            question.flush();
            return "NS".indexOf(new DataInputStream(socket.getInputStream()).readByte()) >= 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String tail() throws IOException {
        return LogTail.of(Files.readString(log));
    }

    /** Where applications connect to. */
    public PgBouncer.Address address() {
        return new PgBouncer.Address(Ports.LOOPBACK, port);
    }

    /**
     * Runs the command that lets open transactions end and holds the others; when it fails, the one that resumes.
     *
     * @param patience how long it may take
     */
    public void pause(Duration patience) throws SQLException {
        try {
            run("pause", plan.pause(), Side.SOURCE, patience);
        } catch (SQLException e) {
            if (!plan.resume().isEmpty()) {
                try {
                    resume();
                } catch (SQLException notResumed) {
                    e.addSuppressed(notResumed);
                }
            }
            throw e;
        }
    }

    /** Runs the command that lets held transactions go on; it may take 30 seconds. */
    public void resume() throws SQLException {
        run("resume", plan.resume(), Side.TARGET, COMMAND_MAX);
    }

    /** Runs the command that leads it to a side; it may take 30 seconds. */
    public void lead(Side side) throws SQLException {
        run("repoint", plan.repoint(), side, COMMAND_MAX);
    }

    private void run(String word, String command, Side lead, Duration patience) throws SQLException {
        if (command.isEmpty()) {
            throw new SQLException("Cannot " + word + " the pooler: the scenario gives no command for it. Write"
                    + " environment: {pooler: {" + word + ": …}}, or leave the step out.");
        }
        try {
            Postmaster running = launch(command, lead, Map.of("POOLER_PID", Long.toString(process.pid())));
            if (!running.ended(patience)) {
                running.kill();
                throw new SQLException("Cannot " + word + " the pooler: its command still ran after "
                        + patience.toMillis() + " ms. Its last output: " + tail());
            }
            if (running.exitCode() != 0) {
                throw new SQLException("Cannot " + word + " the pooler: its command ended with exit code "
                        + running.exitCode() + ". Its last output: " + tail());
            }
        } catch (IOException | EnvironmentException e) {
            throw new SQLException("Cannot " + word + " the pooler: " + e.getMessage(), e);
        }
    }

    /** Ends the poolers of runs that are gone, and says which processes these were. */
    public static List<Long> endOrphans() {
        Set<Long> orphans = marked(found -> {
            Matcher owner = OWNER.matcher(found);
            return owner.find() && !new Owner(Long.parseLong(owner.group(1)), Instant.parse(owner.group(2))).alive();
        });
        Processes.signal(Signal.KILL, orphans);
        return List.copyOf(orphans);
    }

    @Override
    public void close() {
        Set<Long> family = new TreeSet<>(marked(found -> found.contains(MARK + "=" + mark)));
        if (process.isAlive()) {
            family.add(process.pid());
            family.addAll(Processes.children(process.pid()));
        }
        Processes.signal(Signal.TERM, family);
        if (!Processes.await(family, pid -> !Processes.alive(pid), END_MAX)) {
            Processes.signal(Signal.KILL, family);
        }
        Processes.signal(Signal.KILL, marked(found -> found.contains(MARK + "=" + mark)));
    }

    private static Set<Long> marked(Predicate<String> variables) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            Set<Long> found = new TreeSet<>();
            all.map(ProcessHandle::pid)
                    .filter(pid -> Processes.alive(pid) && variables.test(environment(pid)))
                    .forEach(found::add);
            return found;
        }
    }

    private static String environment(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException goneOrHidden) {
            return "";
        }
    }
}
