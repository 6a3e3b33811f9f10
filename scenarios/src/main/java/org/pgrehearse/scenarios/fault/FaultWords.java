package org.pgrehearse.scenarios.fault;

import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.Shape;

/** The kinds of faults a scenario may name, and the fault that each of them means. */
public final class FaultWords {
    private static final Set<Direction> BOTH = EnumSet.allOf(Direction.class);

    private FaultWords() {}

    /** All kinds, in the order they are listed to users. */
    public static List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>(List.of(
                Shape.of("refuse", "closes the port: connections end, new ones are refused"),
                Shape.of("reset", "resets (RST) every connection, and each new one while it lasts"),
                Shape.of(
                        "latency",
                        "delays each chunk of bytes",
                        required("delay", ArgumentKind.DURATION),
                        optional("jitter", ArgumentKind.DURATION, "0ms")),
                Shape.of(
                        "bandwidth",
                        "lets no more than so many KB a second through",
                        required("rate", ArgumentKind.NUMBER)),
                Shape.of("blackhole", "swallows every byte without an answer")));
        shapes.addAll(WireFaultWords.shapes());
        shapes.addAll(ServerFaultWords.shapes());
        return List.copyOf(shapes);
    }

    /** Whether the fault acts at points of PostgreSQL's protocol, for which its proxies must be watched. */
    public static boolean followsProtocol(String kind) {
        return WireFaultWords.isOne(kind);
    }

    /** What is wrong with arguments that are right one by one; empty when nothing is. */
    public static Optional<String> problem(String kind, Arguments arguments) {
        return followsProtocol(kind) ? WireFaultWords.problem(kind, arguments) : Optional.empty();
    }

    /** How large the disk of a server's data is to be, in bytes; empty when no fault fills it. */
    public static OptionalLong diskBytes(List<FaultSpec> faults, String server) {
        return faults.stream()
                .filter(spec -> spec.fault().equals(ServerFaultWords.FULL_DISK)
                        && spec.places().contains(server))
                .mapToLong(spec -> spec.arguments().bytes("size"))
                .min();
    }

    /** The fault of that kind on one proxy or server. */
    static Fault fault(String kind, Arguments arguments, String proxy) {
        return switch (kind) {
            case "refuse" -> new Fault.Refuse(proxy);
            case "reset" -> new Fault.Reset(proxy);
            case "latency" -> new Fault.Latency(proxy, arguments.duration("delay"), arguments.duration("jitter"), BOTH);
            case "bandwidth" -> new Fault.Bandwidth(proxy, arguments.number("rate"), BOTH);
            case "blackhole" -> new Fault.Blackhole(proxy, BOTH);
            default ->
                followsProtocol(kind)
                        ? WireFaultWords.fault(kind, arguments, proxy)
                        : ServerFaultWords.fault(kind, arguments, proxy);
        };
    }
}
