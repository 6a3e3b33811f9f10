package org.pgrehearse.scenarios.migration;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Installation;
import org.pgrehearse.scenarios.environment.Installations;

/**
 * What a system needs of the machine and of both servers before they start.
 *
 * @param settings PostgreSQL's own, for both servers
 * @param extension one that embedded servers lack, so that servers are those that are installed on the machine
 * @param programs client programs of PostgreSQL, each as new as the source
 * @param others further programs
 * @param sameMajor whether both sides must be of one major version
 */
public record Needs(
        Map<String, String> settings,
        Optional<Extension> extension,
        List<String> programs,
        List<Other> others,
        boolean sameMajor) {
    /** Nothing at all. */
    public static final Needs NOTHING = new Needs(Map.of(), Optional.empty(), List.of(), List.of(), false);

    /** Copies what it is given. */
    public Needs {
        settings = Map.copyOf(settings);
        programs = List.copyOf(programs);
        others = List.copyOf(others);
    }

    /**
     * An extension by the name of its library.
     *
     * @param debianPackage with {@code %d} for the major version
     * @param sides the servers that must have it
     */
    public record Extension(String library, String debianPackage, Set<Side> sides) {
        /** Copies what it is given. */
        public Extension {
            sides = Set.copyOf(sides);
        }

        /** One that both servers must have. */
        public Extension(String library, String debianPackage) {
            this(library, debianPackage, Set.of(Side.values()));
        }
    }

    /** A program that is no part of PostgreSQL, and Debian's package of it. */
    public record Other(String program, String debianPackage) {}

    /**
     * Fails with an {@link EnvironmentException} that says what is missing and how to get it.
     *
     * @param servers where the servers will come from
     */
    public void require(int sourceMajor, int targetMajor, ClientPrograms clients, Installations servers) {
        if (sameMajor && sourceMajor != targetMajor) {
            throw new EnvironmentException(
                    "Cannot copy a server of version " + sourceMajor + " file by file to version " + targetMajor
                            + ". Set environment.source and environment.target to one version.");
        }
        programs.forEach(program -> clients.program(program, sourceMajor));
        others.forEach(other -> clients.other(other.program(), other.debianPackage()));
        extension.ifPresent(
                wanted -> majors(wanted, sourceMajor, targetMajor).forEach(major -> require(wanted, major, servers)));
    }

    /**
     * Where servers come from: those that must have the extension from the machine, the others from where they usually
     * do.
     */
    public Installations from(int sourceMajor, int targetMajor, Installations usual, Installations installed) {
        Set<Integer> majors = extension
                .map(wanted -> majors(wanted, sourceMajor, targetMajor))
                .orElse(Set.of());
        return major -> majors.contains(major) ? installed.installation(major) : usual.installation(major);
    }

    private static Set<Integer> majors(Extension wanted, int sourceMajor, int targetMajor) {
        return wanted.sides().stream()
                .map(side -> side == Side.SOURCE ? sourceMajor : targetMajor)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void require(Extension wanted, int major, Installations servers) {
        String remedy = "Install it (Debian and Ubuntu: apt-get install "
                + wanted.debianPackage().replace("%d", Integer.toString(major)) + ") and run again.";
        Installation installation;
        try {
            installation = servers.installation(major);
        } catch (EnvironmentException e) {
            throw new EnvironmentException(
                    "Cannot load " + wanted.library() + " into PostgreSQL " + major + ": no server of that version is"
                            + " installed on this machine, and embedded servers come without it. " + remedy,
                    e);
        }
        if (!installation.hasLibrary(wanted.library())) {
            throw new EnvironmentException("Cannot load " + wanted.library() + " into PostgreSQL " + major + ": "
                    + installation.version() + " in " + installation.programs() + " has no such library. " + remedy);
        }
    }
}
