package org.pgrehearse.scenarios.environment;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;

/**
 * The Docker engine of this machine, found where Testcontainers finds it. Every failure is an
 * {@link EnvironmentException}. Thread-safe.
 */
final class DockerEngine {
    /** On every container and network of a run: which process made it. */
    static final String PID = "org.pgrehearse.run.pid";

    /** When that process started. */
    static final String STARTED = "org.pgrehearse.run.started";

    private static final long LOG_SECONDS_MAX = 30;
    private static final String NO_ENGINE = "Cannot find a Docker engine: none answers where DOCKER_HOST says, or at"
            + " /var/run/docker.sock. Start one (systemctl start docker, or Docker Desktop), check that this user may"
            + " use it (docker version), and run again.";

    private final DockerClient client;

    private DockerEngine(DockerClient client) {
        this.client = client;
    }

    /** The engine of this machine; an {@link EnvironmentException} says how to start one when none answers. */
    static DockerEngine find() {
        try {
            // Not the factory's own client: making that starts Ryuk, a container of an image that must be pulled, to
            // remove what this class removes itself.
            return new DockerEngine(DockerClientProviderStrategy.getClientForConfig(
                    DockerClientFactory.instance().getTransportConfig()));
        } catch (IllegalStateException none) {
            throw new EnvironmentException(NO_ENGINE, none);
        }
    }

    /** The labels of whatever this process makes. */
    static Map<String, String> labels() {
        Owner self = Owner.current();
        return Map.of(PID, Long.toString(self.pid()), STARTED, self.started().toString());
    }

    /** Fails, with the command that fetches it, when an image is not on this machine. */
    void requireImage(String image) {
        ask("look for the image " + image, () -> {
            try {
                return client.inspectImageCmd(image).exec();
            } catch (NotFoundException missing) {
                throw new EnvironmentException(
                        "Cannot start a container of " + image
                                + ": the engine has no such image. Fetch it (docker pull " + image
                                + ") and run again.",
                        missing);
            }
        });
    }

    /** Makes a network for one run and answers the address at which its containers reach this machine. */
    String createNetwork(String name) {
        ask(
                "make the network " + name,
                () -> client.createNetworkCmd()
                        .withName(name)
                        .withDriver("bridge")
                        .withLabels(labels())
                        .exec());
        return gateway(name);
    }

    /** Fails unless the engine runs on this very machine, where it shares process ids and addresses with us. */
    void requireLocal() {
        String address = gateway("bridge");
        try {
            if (NetworkInterface.getByInetAddress(InetAddress.getByName(address)) == null) {
                throw new EnvironmentException("Cannot use this Docker engine: its bridge " + address
                        + " is not on this machine, so containers could not reach the fault proxies. Use an engine"
                        + " that runs on this Linux machine itself.");
            }
        } catch (IOException unknown) {
            throw new EnvironmentException(
                    "Cannot look for the address " + address + " on this machine: " + unknown.getMessage() + ".",
                    unknown);
        }
    }

    private String gateway(String network) {
        Network found = ask(
                "look at the network " + network,
                () -> client.inspectNetworkCmd().withNetworkId(network).exec());
        return found.getIpam().getConfig().stream()
                .map(Network.Ipam.Config::getGateway)
                .filter(gateway -> gateway != null && !gateway.contains(":"))
                .findFirst()
                .orElseThrow(() -> new EnvironmentException("Cannot use the network " + network
                        + " of the Docker engine: it has no gateway. Let the engine make bridges (no --bridge=none)."));
    }

    /** A command that makes a container of an image; the caller completes and executes it with {@link #create}. */
    CreateContainerCmd container(String image) {
        return client.createContainerCmd(image).withLabels(labels());
    }

    /** Makes the container and answers its id. */
    String create(CreateContainerCmd command) {
        return ask(
                "make a container of " + command.getImage(),
                () -> command.exec().getId());
    }

    /** Starts a container; one that runs is left alone. */
    void start(String id, String what) {
        ask("start " + what, () -> {
            try {
                return client.startContainerCmd(id).exec();
            } catch (NotModifiedException running) {
                return null;
            }
        });
    }

    /** What the engine knows of a container's process. */
    InspectContainerResponse.ContainerState state(String id) {
        return ask(
                "look at container " + id,
                () -> client.inspectContainerCmd(id).exec().getState());
    }

    /** Kills a container; one that does not run is left alone. */
    void kill(String id) {
        if (Boolean.TRUE.equals(state(id).getRunning())) {
            ask("kill container " + id, () -> client.killContainerCmd(id).exec());
        }
    }

    /** Writes all that a container has logged so far over a file. */
    void copyLog(String id, Path file) {
        try (OutputStream out = Files.newOutputStream(file);
                ResultCallback.Adapter<Frame> copy = new FrameCopy(out)) {
            ask(
                    "read the log of container " + id,
                    () -> client.logContainerCmd(id)
                            .withStdOut(true)
                            .withStdErr(true)
                            .exec(copy));
            copy.awaitCompletion(LOG_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (IOException | UncheckedIOException unwritable) {
            throw new EnvironmentException("Cannot write " + file + ": " + unwritable.getMessage() + ".", unwritable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes a container with its data, running or not; one that is gone already is fine. */
    void removeContainer(String id) {
        ask("remove container " + id, () -> {
            try {
                return client.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException gone) {
                return null;
            }
        });
    }

    /** Removes a network; one that is gone already is fine. */
    void removeNetwork(String id) {
        ask("remove network " + id, () -> {
            try {
                return client.removeNetworkCmd(id).exec();
            } catch (NotFoundException gone) {
                return null;
            }
        });
    }

    /** Removes what runs that were killed have left; what belongs to a live process is never touched. */
    int cleanDeadRuns(Consumer<String> progress) {
        List<Container> containers = ask(
                "list containers",
                () -> client.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(PID))
                        .exec());
        List<Network> networks = ask(
                "list networks",
                () -> client.listNetworksCmd().withFilter("label", List.of(PID)).exec());
        List<String> removed = new ArrayList<>();
        for (Container container : containers) {
            if (dead(container.getLabels())) {
                removeContainer(container.getId());
                removed.add(String.join(" ", container.getNames()));
            }
        }
        for (Network network : networks) {
            if (dead(network.getLabels())) {
                removeNetwork(network.getId());
                removed.add(network.getName());
            }
        }
        removed.forEach(name -> progress.accept("removed " + name + ", which a dead run has left"));
        return removed.size();
    }

    private static boolean dead(Map<String, String> labels) {
        try {
            return !new Owner(
                            Long.parseLong(labels.getOrDefault(PID, "")),
                            Instant.parse(labels.getOrDefault(STARTED, "")))
                    .alive();
        } catch (RuntimeException notOurs) {
            return false; // labels that this tool has not written
        }
    }

    /** The client throws bare RuntimeExceptions also when the engine is gone: here all become one kind. */
    private static <T> T ask(String what, Supplier<T> request) {
        try {
            return request.get();
        } catch (EnvironmentException known) {
            throw known;
        } catch (RuntimeException failed) {
            throw new EnvironmentException(
                    "Cannot " + what + ": "
                            + String.valueOf(failed.getMessage()).strip()
                            + ". Check the Docker engine (docker version) and its log.",
                    failed);
        }
    }

    /** Writes what arrives. */
    private static final class FrameCopy extends ResultCallback.Adapter<Frame> {
        private final OutputStream out;

        FrameCopy(OutputStream out) {
            this.out = out;
        }

        @Override
        public void onNext(Frame frame) {
            try {
                out.write(frame.getPayload());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
