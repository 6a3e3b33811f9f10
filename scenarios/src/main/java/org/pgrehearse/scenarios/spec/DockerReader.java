package org.pgrehearse.scenarios.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pgrehearse.scenarios.environment.DockerPlan;
import org.pgrehearse.scenarios.environment.DockerPlan.ContainerPlan;
import org.pgrehearse.scenarios.spec.Scenario.EnvironmentSpec;

/** The words of an environment whose servers run in containers. */
final class DockerReader {
    static final String KIND = "docker";

    private static final double CPUS_MAX = 1024;
    private static final long MEMORY_BYTES_MIN = 64L << 20;
    private static final long SHM_BYTES_MIN = 1L << 20;
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB");
    private static final int UNIT_BITS = 10;
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9][a-zA-Z0-9._:/@-]*");
    private static final Pattern SETTING = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
    private static final Pattern CPUS = Pattern.compile("\\d+(\\.\\d+)?");

    private DockerReader() {}

    /** The environment; its kind has been read. */
    static EnvironmentSpec read(Fields fields) {
        ContainerPlan source = container(fields.mapping("source"), "postgres:15");
        ContainerPlan target = container(fields.mapping("target"), "postgres:17");
        String toxiproxy = "";
        if (fields.has("toxiproxy")) {
            Fields proxy = fields.mapping("toxiproxy");
            toxiproxy = image(proxy, "ghcr.io/shopify/toxiproxy:2.12.0");
            proxy.refuseOthers();
        }
        return EnvironmentSpec.docker(KIND, new DockerPlan(source, target, toxiproxy));
    }

    private static ContainerPlan container(Fields fields, String preset) {
        String image = image(fields, preset);
        double cpus = fields.value(
                "cpus",
                0.0,
                text -> Optional.of(text)
                        .filter(t -> CPUS.matcher(t).matches())
                        .map(Double::valueOf)
                        .filter(n -> n > 0 && n <= CPUS_MAX),
                "a number of processors such as 1.5");
        long memory = bytes(fields, "memory", MEMORY_BYTES_MIN, "a size of at least 64MiB, such as 1GiB");
        long shm = bytes(fields, "shm", SHM_BYTES_MIN, "a size of at least 1MiB, such as 256MiB");
        Fields mapping = fields.mapping("settings");
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : mapping.keys()) {
            if (!SETTING.matcher(name).matches()) {
                mapping.report(mapping.lineOf(name), name, "is not the name of a setting of PostgreSQL");
            }
            settings.put(name, mapping.text(name, ""));
        }
        fields.refuseOthers();
        return new ContainerPlan(image, cpus, memory, shm, settings);
    }

    private static String image(Fields fields, String preset) {
        return fields.value(
                "image",
                preset,
                text -> Optional.of(text).filter(t -> IMAGE.matcher(t).matches()),
                "the name of an image such as " + preset);
    }

    private static long bytes(Fields fields, String key, long min, String example) {
        return fields.value(key, 0L, text -> Units.bytes(text).filter(n -> n >= min), example);
    }

    /** The same words again, without those that stand for a default. */
    static Map<String, Object> write(DockerPlan plan) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", KIND);
        map.put("source", write(plan.source()));
        map.put("target", write(plan.target()));
        if (!plan.toxiproxy().isEmpty()) {
            map.put("toxiproxy", Map.of("image", plan.toxiproxy()));
        }
        return map;
    }

    private static Map<String, Object> write(ContainerPlan container) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("image", container.image());
        if (container.cpus() > 0) {
            map.put("cpus", container.cpus());
        }
        if (container.memoryBytes() > 0) {
            map.put("memory", size(container.memoryBytes()));
        }
        if (container.shmBytes() > 0) {
            map.put("shm", size(container.shmBytes()));
        }
        if (!container.settings().isEmpty()) {
            map.put("settings", container.settings());
        }
        return map;
    }

    /** In the largest unit that is exact. */
    private static String size(long bytes) {
        int unit = Math.min(Long.numberOfTrailingZeros(bytes) / UNIT_BITS, UNITS.size() - 1);
        return (bytes >> (unit * UNIT_BITS)) + UNITS.get(unit);
    }
}
