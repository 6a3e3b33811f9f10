package org.pgrehearse.scenarios.environment;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The archive of an installation: a compressed tar file within a jar. */
final class Archive {
    private static final int EXECUTABLE = 0111;
    private static final int ENTRIES_MAX = 100_000;
    // Readable for everybody, because the servers may run as another user.
    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");

    private Archive() {}

    /** Unpacks into a folder that exists and is empty; XZ's own checksums find a damaged archive. */
    static void unpack(Path jar, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry archive = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(jar + " holds no .txz archive"));
            try (InputStream packed = zip.getInputStream(archive);
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
                unpack(tar, folder);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, Path folder) throws IOException {
        for (int entries = 0; entries < ENTRIES_MAX; entries++) {
            TarArchiveEntry entry = tar.getNextEntry();
            if (entry == null) {
                return;
            }
            write(tar, entry, folder);
        }
        throw new IOException("the archive has more than " + ENTRIES_MAX + " entries");
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        Path path = within(folder, folder.resolve(entry.getName()));
        if (entry.isDirectory()) {
            createFolders(folder, path);
            return;
        }
        createFolders(folder, path.resolve("..").normalize());
        if (entry.isSymbolicLink()) {
            within(folder, path.resolveSibling(entry.getLinkName()));
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, (entry.getMode() & EXECUTABLE) == 0 ? FILE : PROGRAM);
        } else {
            throw new IOException(entry.getName() + " is neither a file, a folder nor a symbolic link");
        }
    }

    private static void createFolders(Path root, Path folder) throws IOException {
        Path inner = root;
        for (Path name : root.relativize(folder)) {
            inner = inner.resolve(name).normalize();
            if (!Files.isDirectory(inner)) {
                Files.createDirectory(inner);
                Files.setPosixFilePermissions(inner, PROGRAM);
            }
        }
    }

    private static Path within(Path folder, Path path) throws IOException {
        Path normal = path.normalize();
        if (!normal.startsWith(folder)) {
            throw new IOException("the archive reaches outside of its folder: " + path);
        }
        return normal;
    }
}
