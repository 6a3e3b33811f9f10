package org.pgrehearse.verifier.preflight;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.endpoint.Side;

/** One question to one or both databases, whose answers are findings. Checks are data; {@link Checks} has them all. */
public sealed interface Check {
    /** Its name in lower case with hyphens, as findings and docs give it. */
    String name();

    /** How bad an answer is. */
    Severity severity();

    /** The kinds of migration that it bites. */
    Set<Migration> affects();

    /** The databases that it asks. */
    Set<Side> sides();

    /** How bad a finding is. */
    enum Severity {
        /** The migration fails, or its result is wrong. */
        ERROR,
        /** Somebody should know it before the start. */
        WARNING;

        /** The word for it in results. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An answer.
     *
     * @param object what it is about; of a comparison's question: the name under which both sides are compared
     * @param detail what is wrong with it; of a comparison's question: the value
     * @param fix what to do; empty where a comparison makes it
     */
    record Answer(String object, String detail, String fix) {}

    /**
     * SQL to ask.
     *
     * @param since the first major that has what it reads
     * @param sql gives object, detail and fix; {@code %OLD%} becomes the age of a long transaction
     * @param eachStatement whether the query's first column is a statement to run, which gives the answers
     * @param doubt gives a sentence for each thing that the role cannot see; null where it sees all or fails
     */
    record Question(
            int since,
            String sql,
            boolean eachStatement,
            @Nullable String doubt) {
        static Question of(String sql) {
            return new Question(0, sql, false, null);
        }

        Question since(int major) {
            return new Question(major, sql, eachStatement, doubt);
        }

        Question statements() {
            return new Question(since, sql, true, doubt);
        }

        Question doubting(String other) {
            return new Question(since, sql, eachStatement, other);
        }
    }

    /** A check of each database by itself. */
    record OfOne(String name, Severity severity, Set<Migration> affects, Set<Side> sides, Question question)
            implements Check {
        public OfOne {
            affects = Set.copyOf(affects);
            sides = Set.copyOf(sides);
        }
    }

    /** A check that compares what both databases answer. */
    record OfBoth(
            String name,
            Severity severity,
            Set<Migration> affects,
            Question source,
            Question target,
            Comparison comparison)
            implements Check {
        public OfBoth {
            affects = Set.copyOf(affects);
        }

        @Override
        public Set<Side> sides() {
            return Set.of(Side.SOURCE, Side.TARGET);
        }
    }

    /** A pure function from the answers of both sides to what is wrong with the target. */
    interface Comparison {
        /** What is wrong, in the order in which it is told. */
        List<Answer> compare(List<Answer> source, List<Answer> target);
    }
}
