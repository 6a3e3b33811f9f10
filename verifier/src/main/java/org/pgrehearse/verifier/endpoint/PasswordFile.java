package org.pgrehearse.verifier.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgrehearse.verifier.InvalidInputException;

/** A password file as libpq reads it: {@code host:port:database:user:password}, first match wins. */
final class PasswordFile {
    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);
    private static final int FIELDS = 5;

    private PasswordFile() {}

    /**
     * The password for a connection, if the file has one.
     *
     * @param warnings receives a sentence when the file exists and must not be used
     */
    static Optional<Secret> find(Path file, HostPort server, String database, String user, List<String> warnings) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (openToOthers(file)) {
                warnings.add("The password file " + file + " is ignored: group or others have access to it. "
                        + "Set its permissions to 0600.");
                return Optional.empty();
            }
            for (String line : Files.readAllLines(file)) {
                List<String> fields = line.startsWith("#") ? List.of() : fields(line);
                if (fields.size() == FIELDS
                        && matches(fields.get(0), server.host())
                        && matches(fields.get(1), Integer.toString(server.port()))
                        && matches(fields.get(2), database)
                        && matches(fields.get(3), user)) {
                    return Optional.of(new Secret(fields.get(4)));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new InvalidInputException("Cannot read the password file " + file + ": " + e.getMessage()
                    + ". Make it readable or unset PGPASSFILE.");
        }
    }

    private static boolean openToOthers(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return false;
        }
        return Files.getPosixFilePermissions(file, new LinkOption[0]).stream().anyMatch(OF_OTHERS::contains);
    }

    private static boolean matches(String pattern, String value) {
        return pattern.equals("*") || pattern.equals(value);
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (escaped) {
                field.append(c);
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == ':' && fields.size() < FIELDS - 1) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
