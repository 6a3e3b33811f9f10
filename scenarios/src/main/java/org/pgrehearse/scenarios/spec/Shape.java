package org.pgrehearse.scenarios.spec;

import java.util.List;

/**
 * What a step or a fault is called in a scenario file, and which arguments it takes.
 *
 * @param description one line for {@code pgrehearse list} and the report
 * @param places where a fault can be put; empty for a step, and for a fault of the network, which has the usual ones
 */
public record Shape(String name, String description, List<Argument> arguments, List<String> places) {
    public Shape {
        arguments = List.copyOf(arguments);
        places = List.copyOf(places);
    }

    /** A shape without arguments. */
    public static Shape of(String name, String description, Argument... arguments) {
        return new Shape(name, description, List.of(arguments), List.of());
    }

    /** The same, for these places only. */
    public Shape at(String... onlyThese) {
        return new Shape(name, description, arguments, List.of(onlyThese));
    }

    /**
     * One argument.
     *
     * @param preset its value when the file says nothing; an empty text makes the argument required
     * @param words what it may be, for a {@link ArgumentKind#WORD}; empty for the other kinds
     */
    public record Argument(String name, ArgumentKind kind, String preset, List<String> words) {
        public Argument {
            words = List.copyOf(words);
        }

        /** An argument that may be left out. */
        public static Argument optional(String name, ArgumentKind kind, String preset) {
            return new Argument(name, kind, preset, List.of());
        }

        /** An argument that must be given. */
        public static Argument required(String name, ArgumentKind kind) {
            return new Argument(name, kind, "", List.of());
        }

        /** A choice; the first word is what it is when the file says nothing. */
        public static Argument choice(String name, String... words) {
            return new Argument(name, ArgumentKind.WORD, words[0], List.of(words));
        }
    }
}
