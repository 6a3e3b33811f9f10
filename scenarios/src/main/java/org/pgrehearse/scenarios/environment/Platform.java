package org.pgrehearse.scenarios.environment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A kind of machine that PostgreSQL's binaries are published for.
 *
 * @param name the end of the artifact's name, such as linux-amd64
 */
public record Platform(String name) {
    private static final Map<String, String> CPU_NAMES =
            Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64v8", "arm64", "arm64v8");

    /**
     * The platform of a machine.
     *
     * @param osName as in the system property os.name
     * @param osArch as in the system property os.arch
     * @param root the folder that holds the machine's own /lib; "/" on a real machine
     */
    public static Platform detect(String osName, String osArch, Path root) {
        String cpu = CPU_NAMES.get(osArch.toLowerCase(Locale.ROOT));
        String os = osName.toLowerCase(Locale.ROOT);
        if (cpu != null && os.startsWith("linux")) {
            boolean musl = musl(root);
            if (!musl) {
                return new Platform("linux-" + cpu);
            }
            if (cpu.equals("amd64")) {
                return new Platform("linux-amd64-alpine");
            }
        }
        if (cpu != null && os.startsWith("mac")) {
            return new Platform("darwin-" + cpu);
        }
        throw new EnvironmentException("Cannot choose PostgreSQL binaries for this machine: " + osName + " on " + osArch
                + (os.startsWith("linux") && musl(root) ? " with musl" : "")
                + " is not one of Linux (amd64, arm64; musl on amd64 only) and macOS (amd64, arm64)."
                + " Use a supported machine or servers of your own.");
    }

    private static boolean musl(Path root) {
        return Files.exists(root.resolve("etc/alpine-release"))
                || ((Files.exists(root.resolve("lib/ld-musl-x86_64.so.1"))
                                || Files.exists(root.resolve("lib/ld-musl-aarch64.so.1")))
                        && !Files.exists(root.resolve("lib64/ld-linux-x86-64.so.2"))
                        && !Files.exists(root.resolve("lib/ld-linux-aarch64.so.1")));
    }
}
