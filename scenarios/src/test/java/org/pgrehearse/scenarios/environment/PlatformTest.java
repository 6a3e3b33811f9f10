package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlatformTest {
    @TempDir
    private Path glibc;

    @TempDir
    private Path musl;

    @BeforeEach
    void lay_out_two_machines() throws IOException {
        Files.createDirectories(glibc.resolve("lib64"));
        Files.createFile(glibc.resolve("lib64/ld-linux-x86-64.so.2"));
        Files.createDirectories(musl.resolve("lib"));
        Files.createFile(musl.resolve("lib/ld-musl-x86_64.so.1"));
    }

    @Test
    void every_published_platform_is_found() {
        assertThat(Platform.detect("Linux", "amd64", glibc).name()).isEqualTo("linux-amd64");
        assertThat(Platform.detect("Linux", "aarch64", glibc).name()).isEqualTo("linux-arm64v8");
        assertThat(Platform.detect("Linux", "amd64", musl).name()).isEqualTo("linux-amd64-alpine");
        assertThat(Platform.detect("Mac OS X", "x86_64", glibc).name()).isEqualTo("darwin-amd64");
        assertThat(Platform.detect("Mac OS X", "aarch64", glibc).name()).isEqualTo("darwin-arm64v8");
    }

    @Test
    void a_glibc_machine_with_musl_installed_stays_glibc() throws IOException {
        Files.createDirectories(glibc.resolve("lib"));
        Files.createFile(glibc.resolve("lib/ld-musl-x86_64.so.1"));
        assertThat(Platform.detect("Linux", "amd64", glibc).name()).isEqualTo("linux-amd64");
    }

    @Test
    void other_machines_are_refused_with_the_way_out() {
        assertThatThrownBy(() -> Platform.detect("Linux", "s390x", glibc))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot choose PostgreSQL binaries for this machine: Linux on s390x is not one of Linux"
                        + " (amd64, arm64; musl on amd64 only) and macOS (amd64, arm64)."
                        + " Use a supported machine or servers of your own.");
        assertThatThrownBy(() -> Platform.detect("Linux", "aarch64", musl))
                .hasMessageContaining("Linux on aarch64 with musl is not one of");
        assertThatThrownBy(() -> Platform.detect("Windows 11", "amd64", glibc))
                .hasMessageContaining("Windows 11 on amd64 is not one of");
    }
}
