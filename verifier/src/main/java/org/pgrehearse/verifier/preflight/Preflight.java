package org.pgrehearse.verifier.preflight;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.preflight.Inspection.Finding;
import org.pgrehearse.verifier.preflight.Inspection.Unchecked;

/** The search for what breaks a migration, before it starts. Reads only, one connection a side. Immutable. */
public final class Preflight {
    private static final Duration LONG_TRANSACTION = Duration.ofMinutes(5);

    private final Set<Migration> kinds;
    private final Duration longTransaction;

    private Preflight(Set<Migration> kinds, Duration longTransaction) {
        this.kinds = kinds.isEmpty() ? Migration.unnamed() : EnumSet.copyOf(kinds);
        this.longTransaction = longTransaction;
    }

    /** The checks that bite one of these kinds; those of {@link Migration#unnamed} when none is given. */
    public static Preflight of(Set<Migration> kinds) {
        return new Preflight(kinds, LONG_TRANSACTION);
    }

    /** The same with another age from which on a transaction is a long one; 5 minutes by default. */
    Preflight withLongTransaction(Duration age) {
        return new Preflight(kinds, age);
    }

    /**
     * Asks the source, and the target when there is one.
     *
     * @throws CannotConnectException when one of them cannot be reached
     */
    public Inspection inspect(ConnectionSource source, @Nullable ConnectionSource target)
            throws CannotConnectException {
        try (Reader from = Reader.open(Side.SOURCE, source, longTransaction);
                Reader to = target == null ? null : Reader.open(Side.TARGET, target, longTransaction)) {
            List<Finding> findings = new ArrayList<>();
            List<Unchecked> unchecked = new ArrayList<>();
            for (Check check : Checks.biting(kinds)) {
                switch (check) {
                    case Check.OfOne one -> {
                        askOne(one, from, findings, unchecked);
                        if (to != null) {
                            askOne(one, to, findings, unchecked);
                        }
                    }
                    case Check.OfBoth both -> {
                        if (to != null) {
                            askBoth(both, from, to, findings, unchecked);
                        }
                    }
                }
            }
            findings.sort(Comparator.comparing(Finding::severity)
                    .thenComparing(Finding::check)
                    .thenComparing(Finding::side)
                    .thenComparing(Finding::object));
            return new Inspection(
                    new Verification.Endpoint(source.displayUrl(), from.version(), null),
                    Optional.ofNullable(target)
                            .flatMap(there -> Optional.ofNullable(to)
                                    .map(reader ->
                                            new Verification.Endpoint(there.displayUrl(), reader.version(), null))),
                    findings,
                    unchecked);
        }
    }

    private static void askOne(Check.OfOne check, Reader reader, List<Finding> findings, List<Unchecked> unchecked) {
        if (check.sides().contains(reader.side())) {
            ask(check, check.question(), reader, unchecked).orElse(List.of()).stream()
                    .map(answer -> Finding.of(check, reader.side(), answer))
                    .forEach(findings::add);
        }
    }

    private static void askBoth(
            Check.OfBoth check, Reader from, Reader to, List<Finding> findings, List<Unchecked> unchecked) {
        Optional<List<Check.Answer>> source = ask(check, check.source(), from, unchecked);
        Optional<List<Check.Answer>> target = ask(check, check.target(), to, unchecked);
        if (source.isPresent() && target.isPresent()) {
            check.comparison()
                    .compare(source.get(), target.get())
                    .forEach(answer -> findings.add(Finding.of(check, Side.TARGET, answer)));
        }
    }

    /** The answers, as far as there are any: empty when the question could not be asked. */
    private static Optional<List<Check.Answer>> ask(
            Check check, Check.Question question, Reader reader, List<Unchecked> unchecked) {
        List<Check.Answer> answers = new ArrayList<>();
        try {
            if (reader.major() >= question.since()) {
                reader.doubts(question).forEach(reason -> unchecked.add(unchecked(check, reader, reason)));
                reader.answers(question, answers::add, reason -> unchecked.add(unchecked(check, reader, reason)));
            }
            return Optional.of(answers);
        } catch (SQLException e) {
            unchecked.add(unchecked(check, reader, reader.reason(e)));
            return Optional.empty();
        }
    }

    private static Unchecked unchecked(Check check, Reader reader, String reason) {
        return new Unchecked(check.name(), reader.side(), reason);
    }
}
