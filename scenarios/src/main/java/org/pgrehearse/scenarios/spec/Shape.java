package org.pgrehearse.scenarios.spec;

import java.util.List;

/**
 * What a step or a fault is called in a scenario file, and which arguments it takes.
 *
 * @param description one line for {@code pgrehearse list} and the report
 * @param alternatives groups of arguments of which a file gives exactly one
 * @param places where a fault can be put; empty for a step, and for a fault of the network, which has the usual ones
 */
public record Shape(
        String name,
        String description,
        List<Argument> arguments,
        List<List<String>> alternatives,
        List<String> places) {
    public Shape {
        alternatives = List.copyOf(alternatives);
        arguments = List.copyOf(arguments);
        places = List.copyOf(places);
    }

    /** A shape without arguments. */
    public static Shape of(String name, String description, Argument... arguments) {
        return new Shape(name, description, List.of(arguments), List.of(), List.of());
    }

    /** The same, for these places only. */
    public Shape at(String... onlyThese) {
        return new Shape(name, description, arguments, alternatives, List.of(onlyThese));
    }

    /** The same, where a file gives exactly one of these arguments. */
    public Shape exactlyOne(String... names) {
        return new Shape(name, description, arguments, List.of(List.of(names)), places);
    }

    /** Whether it takes an argument of that name. */
    public boolean takes(String argument) {
        return arguments.stream().anyMatch(one -> one.name().equals(argument));
    }

    /**
     * One argument.
     *
     * @param preset its value when the file says nothing; an empty text makes the argument required, unless it may be
     *     absent
     * @param words what it may be, for a {@link ArgumentKind#WORD}; empty for the other kinds
     * @param mayBeAbsent whether a file may leave it out although it has no preset
     */
    public record Argument(String name, ArgumentKind kind, String preset, List<String> words, boolean mayBeAbsent) {
        public Argument {
            words = List.copyOf(words);
        }

        /** An argument that may be left out. */
        public static Argument optional(String name, ArgumentKind kind, String preset) {
            return new Argument(name, kind, preset, List.of(), false);
        }

        /** An argument that must be given. */
        public static Argument required(String name, ArgumentKind kind) {
            return new Argument(name, kind, "", List.of(), false);
        }

        /** An argument that may be left out, and then has no value. */
        public static Argument absent(String name, ArgumentKind kind) {
            return new Argument(name, kind, "", List.of(), true);
        }

        /** A choice; the first word is what it is when the file says nothing. */
        public static Argument choice(String name, String... words) {
            return new Argument(name, ArgumentKind.WORD, words[0], List.of(words), false);
        }
    }
}
