package org.pgrehearse.scenarios.fault;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.CutPoint;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;
import org.pgrehearse.scenarios.spec.Shape.Argument;

/** The kinds of faults that act at a point of PostgreSQL's protocol. */
final class WireFaultWords {
    private static final String COMMIT = "at-commit";
    private static final String STATEMENT = "at-statement";
    private static final String ROW = "in-row";
    private static final String COPY = "in-copy";
    private static final String TRANSACTION = "in-replicated-transaction";
    private static final String POSITION = "at-lsn";
    private static final String STATUS = "at-standby-status";
    private static final String AFTER = "after-forwarding";
    private static final int WHOM_WORDS_MAX = 2;

    private WireFaultWords() {}

    /** All kinds, in the order they are listed to users. */
    static List<Shape> shapes() {
        return List.of(
                shape(COMMIT, "acts around a COMMIT, at an exact point of the protocol", choice("point", cutPoints())),
                shape(
                        STATEMENT,
                        "acts before or after a statement whose text matches is forwarded",
                        required("matches", ArgumentKind.WORD),
                        choice("point", "before-forwarding", AFTER)),
                shape(ROW, "acts in the middle of a row of an answer", optional("number", ArgumentKind.NUMBER, "1")),
                shape(
                        COPY,
                        "acts in a COPY, once so much of it has passed",
                        choice("direction", "upstream", "downstream"),
                        choice("unit", "messages", "bytes"),
                        optional("amount", ArgumentKind.NUMBER, "1")),
                shape(
                        TRANSACTION,
                        "acts in a replicated transaction, after so many of its changes",
                        optional("changes", ArgumentKind.NUMBER, "1")),
                shape(
                        POSITION,
                        "acts before the first replicated WAL from a position on",
                        required("lsn", ArgumentKind.WORD)),
                shape(STATUS, "acts on what a standby or subscriber reports"));
    }

    /** Whether it is one of these kinds, for which a proxy must be watched. */
    static boolean isOne(String kind) {
        return shapes().stream().anyMatch(shape -> shape.name().equals(kind));
    }

    /** What is wrong with arguments that are right one by one; empty when nothing is. */
    static Optional<String> problem(String kind, Arguments arguments) {
        try {
            fault(kind, arguments, "any");
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The fault of that kind on one proxy. */
    static Fault.AtPoint fault(String kind, Arguments arguments, String proxy) {
        Turns turns = new Turns(number("nth", arguments), number("at-most", arguments));
        return new Fault.AtPoint(
                proxy, new Order(point(kind, arguments), whom(arguments.text("whom")), action(arguments), turns));
    }

    private static Shape shape(String name, String description, Argument... own) {
        List<Argument> arguments = new ArrayList<>(Arrays.asList(own));
        arguments.addAll(List.of(
                choice("action", "close", "reset", "blackhole", "delay", "fail", "terminate", "drop"),
                optional("delay", ArgumentKind.DURATION, "1s"),
                optional("sqlstate", ArgumentKind.WORD, "40001"),
                optional("whom", ArgumentKind.WORD, "all"),
                optional("nth", ArgumentKind.NUMBER, "1"),
                optional("at-most", ArgumentKind.NUMBER, "1")));
        return Shape.of(name, description, arguments.toArray(Argument[]::new));
    }

    private static String[] cutPoints() {
        return Arrays.stream(CutPoint.values()).map(CutPoint::label).toArray(String[]::new);
    }

    private static Point point(String kind, Arguments arguments) {
        return switch (kind) {
            case COMMIT -> new Point.Commit(constant(CutPoint.class, arguments.text("point")));
            case STATEMENT ->
                arguments.text("point").equals(AFTER)
                        ? Point.Statement.behind(arguments.text("matches"))
                        : Point.Statement.matching(arguments.text("matches"));
            case ROW -> new Point.Row(arguments.number("number"));
            case COPY ->
                new Point.Copy(
                        constant(Direction.class, arguments.text("direction")),
                        constant(Point.Unit.class, arguments.text("unit")),
                        arguments.number("amount"));
            case TRANSACTION -> new Point.ReplicatedTransaction(number("changes", arguments));
            case POSITION -> Point.Lsn.of(arguments.text("lsn"));
            case STATUS -> new Point.StandbyStatus();
            default -> throw new IllegalStateException("a checked scenario names no fault " + kind);
        };
    }

    private static Action action(Arguments arguments) {
        return switch (arguments.text("action")) {
            case "close" -> new Action.Close();
            case "reset" -> new Action.Reset();
            case "blackhole" -> new Action.Blackhole();
            case "delay" -> new Action.Delay(arguments.duration("delay"));
            case "fail" -> new Action.Fail(arguments.text("sqlstate"));
            case "terminate" -> new Action.Terminate();
            case "drop" -> new Action.Drop();
            default -> throw new IllegalStateException("a checked scenario has no action " + arguments.text("action"));
        };
    }

    private static Whom whom(String text) {
        List<String> words = Arrays.asList(text.strip().split("\\s+", WHOM_WORDS_MAX));
        String of = words.getLast();
        return switch (words.getFirst()) {
            case "all" -> new Whom.All();
            case "connection" -> new Whom.Session(parse(text, of).longValue());
            case "process" -> new Whom.Backend(parse(text, of).intValue());
            case "user" -> new Whom.User(of);
            case "database" -> new Whom.Database(of);
            case "application" -> new Whom.Application(of);
            case "share" -> new Whom.Share(parse(text, of).doubleValue());
            default ->
                throw new IllegalArgumentException("whom \"" + text + "\" is not all, connection N, process N,"
                        + " user NAME, database NAME, application NAME or share 0.N");
        };
    }

    private static Double parse(String text, String number) {
        try {
            return Double.valueOf(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("whom \"" + text + "\" needs a number", e);
        }
    }

    private static int number(String name, Arguments arguments) {
        long value = arguments.number(name);
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String label) {
        return Enum.valueOf(type, label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
