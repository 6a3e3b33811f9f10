package org.pgrehearse.scenarios.environment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pgrehearse.reports.journal.Side;

/**
 * What the docker environment of a run is made of.
 *
 * @param toxiproxy the image of a Toxiproxy whose proxies are used; empty for those inside this JVM
 */
public record DockerPlan(ContainerPlan source, ContainerPlan target, String toxiproxy) {
    /** Two servers and the fault proxies inside this JVM. */
    public DockerPlan(ContainerPlan source, ContainerPlan target) {
        this(source, target, "");
    }

    /** The container of a side. */
    public ContainerPlan container(Side side) {
        return switch (side) {
            case SOURCE -> source;
            case TARGET -> target;
        };
    }

    /** The same with further settings of both servers; those of a container's own win. */
    public DockerPlan withSettings(Map<String, String> further) {
        return new DockerPlan(source.withSettings(further), target.withSettings(further), toxiproxy);
    }

    /**
     * One server's container.
     *
     * @param image a PostgreSQL image that takes what the official one takes
     * @param cpus processors it may use; 0 for all
     * @param memoryBytes memory it may use; 0 for all
     * @param shmBytes the size of its /dev/shm; 0 for the engine's usual one
     * @param settings PostgreSQL's own
     */
    public record ContainerPlan(
            String image, double cpus, long memoryBytes, long shmBytes, Map<String, String> settings) {
        public ContainerPlan {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        }

        /** An image without limits and settings. */
        public static ContainerPlan of(String image) {
            return new ContainerPlan(image, 0, 0, 0, Map.of());
        }

        private ContainerPlan withSettings(Map<String, String> further) {
            Map<String, String> all = new LinkedHashMap<>(further);
            all.putAll(settings);
            return new ContainerPlan(image, cpus, memoryBytes, shmBytes, all);
        }
    }
}
