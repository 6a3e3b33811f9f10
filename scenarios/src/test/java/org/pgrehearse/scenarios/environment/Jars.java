package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Small jars in the shape of the published ones. */
final class Jars {
    private Jars() {}

    /** What an archive holds. */
    @FunctionalInterface
    interface Contents {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    /** The least that counts as an installation: a link and both programs, which do nothing. */
    static Path installation(Path jar) throws IOException {
        return jar(jar, tar -> {
            file(tar, "./bin/initdb", "#!/bin/sh\n", 0755);
            file(tar, "./bin/postgres", "#!/bin/sh\n", 0755);
            file(tar, "./lib/libpq.so.5.1", "library", 0644);
            link(tar, "./lib/libpq.so", "libpq.so.5.1");
        });
    }

    static Path jar(Path jar, Contents contents) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.putNextEntry(new ZipEntry("postgres-linux-x86_64.txz"));
            XZOutputStream packed = new XZOutputStream(zip, new LZMA2Options());
            TarArchiveOutputStream tar = new TarArchiveOutputStream(packed);
            contents.write(tar);
            tar.finish();
            packed.finish();
        }
        return jar;
    }

    static void file(TarArchiveOutputStream tar, String name, String text, int mode) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    static void link(TarArchiveOutputStream tar, String name, String to) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(to);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}
