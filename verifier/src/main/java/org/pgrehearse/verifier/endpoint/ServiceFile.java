package org.pgrehearse.verifier.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.verifier.InvalidInputException;

/** Connection service files as libpq finds and reads them. */
final class ServiceFile {
    private ServiceFile() {}

    /** The options of a service. The user's file wins over the system's. */
    static Map<String, String> options(String service, Surroundings surroundings) {
        List<Path> files = candidates(surroundings);
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                Optional<Map<String, String>> found = read(file, service);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new InvalidInputException("Cannot find the connection service \"" + service + "\": no section [" + service
                + "] in " + files + ". Add it or name another service.");
    }

    private static List<Path> candidates(Surroundings surroundings) {
        Map<String, String> environment = surroundings.environment();
        List<Path> files = new ArrayList<>();
        String named = environment.get("PGSERVICEFILE");
        files.add(named == null ? surroundings.home().resolve(".pg_service.conf") : Path.of(named));
        String system = environment.get("PGSYSCONFDIR");
        files.add(Path.of(system == null ? "/etc/postgresql-common" : system).resolve("pg_service.conf"));
        return files;
    }

    private static Optional<Map<String, String>> read(Path file, String service) {
        boolean inside = false;
        boolean found = false;
        Map<String, String> options = new LinkedHashMap<>();
        for (String raw : lines(file)) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                inside = line.equals("[" + service + "]") && !found;
                found |= inside;
            } else if (inside) {
                int equals = line.indexOf('=');
                if (equals <= 0) {
                    throw new InvalidInputException("Cannot read the service file " + file + ": a line in section ["
                            + service + "] is not key=value. Correct it.");
                }
                options.putIfAbsent(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return found ? Optional.of(options) : Optional.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidInputException("Cannot read the service file " + file + ": " + e.getMessage()
                    + ". Make it readable or name another one in PGSERVICEFILE.");
        }
    }
}
